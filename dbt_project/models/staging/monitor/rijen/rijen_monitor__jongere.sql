{{ geleverde_rijen("monitor", "jongere") }}
