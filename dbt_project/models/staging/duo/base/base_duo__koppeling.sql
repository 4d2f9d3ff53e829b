{{ versies("duo", "koppeling") }}
