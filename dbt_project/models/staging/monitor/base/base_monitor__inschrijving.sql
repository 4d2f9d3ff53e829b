{{ versies("monitor", "inschrijving") }}
