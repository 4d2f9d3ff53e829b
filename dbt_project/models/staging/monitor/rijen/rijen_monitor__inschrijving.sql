{{ geleverde_rijen("monitor", "inschrijving") }}
