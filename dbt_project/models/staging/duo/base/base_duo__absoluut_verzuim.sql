{{ versies("duo", "absoluut_verzuim") }}
