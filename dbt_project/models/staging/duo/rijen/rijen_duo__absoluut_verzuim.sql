{{ geleverde_rijen("duo", "absoluut_verzuim") }}
