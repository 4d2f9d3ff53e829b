"""From the raw extracts of the sources to the published jaarverslag leerplicht.

The packages, in the order in which data flows: `deliveries` → `warehouse` → `publication`. `defs` exposes them to Dagster, `cli` to the
command line; all of them use `settings` and `lake`. `example` writes fictitious extracts and is imported only by the command line.
"""
