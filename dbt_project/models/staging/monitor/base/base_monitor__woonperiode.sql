{{ versies("monitor", "woonperiode") }}
