{{ geleverde_rijen("duo", "verzuimmelding") }}
