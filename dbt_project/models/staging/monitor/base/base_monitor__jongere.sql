{{ versies("monitor", "jongere") }}
