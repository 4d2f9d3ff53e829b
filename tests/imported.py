"""What the process imports and reads from which others are forked (`command_line.server`), and what is said before and after.

Put here: what a night or a test imports, and what would make a fork unsafe. Keep out: anything of `orchestration.commands`, which reads the
environment when it is imported.
"""

import gc
import importlib
import os

from expectations import contract, published

HEAVY = (
    "orchestration.night",
    "orchestration.publication.candidate",
    "orchestration.publication.release",
    "orchestration.publication.disclosure.openbaar",
    "dbt.cli.main",
    "dbt.adapters.duckdb.connections",
    "great_expectations",
    "pytest",
)
# send no statistics; start no threads
os.environ |= {"GX_ANALYTICS_ENABLED": "false", "OPENBLAS_NUM_THREADS": "1"}
for name in HEAVY:
    importlib.import_module(name)
published.load()
for bron in contract.BRONNEN:
    contract.load(bron)
# the connection that DuckDB opens when it is imported has threads, and nobody uses it
importlib.import_module("duckdb").default_connection().close()
# what was made here stays shared with all that are forked: no collector goes through it and so copies it
gc.collect()
gc.freeze()
