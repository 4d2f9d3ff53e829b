"""From the raw extracts of monitor, DUO and Carel to the published jaarverslag leerplicht.

The rooms, in the order in which data flows: `deliveries` → `warehouse` → `publication`. `defs` is Dagster's face on them, `cli` the
command line's; `settings` and `lake` are what all of them stand on. `example` writes fictitious extracts and is imported by nobody but
the command line.
"""
