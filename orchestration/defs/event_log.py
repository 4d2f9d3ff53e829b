"""Dagster's event log, with its files held open.

Dagster opens its file anew for each of the thousand reads and writes of a night, with an engine of SQLAlchemy that has to compile every
statement anew: a fifth of what a small night costs. The files and what is in them stay Dagster's own, which `dagster dev` reads.

Put here: how the event log is reached. Keep out: what is in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from dagster._core.instance import InstanceRef
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import Engine


class OpenEventLog(sqlite_event_log.SqliteEventLogStorage):
    """The event log in SQLite, with its files held open.

    For a night, which writes from one thread. Two runs at once in one process hang, as they do with Dagster's own: who sets up the logging
    of the second takes Python's lock on all loggers and waits for the handler of the first, which writes an event and waits for that lock.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Make one, as Dagster does from its configuration."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        if shard not in self._engines:
            with super()._connect(shard):  # makes the file, or brings it to this version of Dagster
                pass
            engine = create_engine(self.conn_string_for_shard(shard), connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
            self._engines[shard] = engine
        with self._db_lock, self._engines[shard].begin() as connection:
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether there is such a table; asked at every check, and what is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Close the files."""
        super().dispose()
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


def reference(home: Path) -> InstanceRef:
    """Dagster's storage in its home, with this event log where its own would be."""
    own = {"module": __name__, "class": OpenEventLog.__name__, "config": {"base_dir": str(home / "history" / "runs")}}
    return InstanceRef.from_dir(str(home), overrides={"event_log_storage": own})
