"""The imports of the fork server (`command_line.server`), and the settings before and after them.

Put here: imports of a night or a test, and what keeps a fork safe. Keep out: anything of `orchestration.commands`, which reads the
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
# DuckDB opens an unused connection with threads when it is imported
importlib.import_module("duckdb").default_connection().close()
# keep these objects shared with all forked processes: the garbage collector would touch and so copy them
gc.collect()
gc.freeze()
