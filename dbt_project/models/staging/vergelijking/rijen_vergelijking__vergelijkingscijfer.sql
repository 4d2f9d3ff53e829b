{{ geleverde_rijen("vergelijking", "vergelijkingscijfer") }}
