{{ versies("duo", "verzuimmelding") }}
