{{ geleverde_rijen("monitor", "kerncijfer") }}
