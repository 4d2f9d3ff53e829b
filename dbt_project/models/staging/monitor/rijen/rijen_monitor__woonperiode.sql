{{ geleverde_rijen("monitor", "woonperiode") }}
