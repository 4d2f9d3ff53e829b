{{ versies("monitor", "kerncijfer") }}
