"""What the process imports from which the tests' command lines are forked (`command_line.server`), and what is said before and after.

Put here: what a night imports, and what would make a fork unsafe. Keep out: anything of `orchestration.commands`, which reads the
environment when it is imported.
"""

import importlib
import os

HEAVY = (
    "orchestration.night",
    "orchestration.publication.release",
    "orchestration.publication.disclosure.openbaar",
    "dbt.cli.main",
    "dbt.adapters.duckdb.connections",
    "great_expectations",
)
# send no statistics; start no threads
os.environ |= {"GX_ANALYTICS_ENABLED": "false", "OPENBLAS_NUM_THREADS": "1"}
for name in HEAVY:
    importlib.import_module(name)
# the connection that DuckDB opens when it is imported has threads, and nobody uses it
importlib.import_module("duckdb").default_connection().close()
