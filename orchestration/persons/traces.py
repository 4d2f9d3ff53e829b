"""What the lake keeps besides its rows that holds persons: earlier warehouses and what is behind them, look backs, builds, what dbt made.

All of it can be made again from the rows, so when persons are removed or renamed it is removed. The warehouse that analysts have open stays
until the next night replaces it (`orchestration.warehouse.nights`).

Put here: which files those are. Keep out: rows, quarantine, ledger (`rewrite.py`) and landing (`originals.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake


class VerifyingError(LeerplichtError):
    """A release is being rebuilt from the rows that are about to change."""


def traces(lake: Lake) -> list[Path]:
    """Return those that exist: files and folders."""
    current = lake.warehouse_current.resolve().parent
    nights = [path for path in lake.warehouse_nights.glob("*") if path.resolve() != current]
    behind = [path for path in lake.provenances.glob("*.duckdb") if path.stem != current.name]
    builds = [lake.warehouse_build.parent.parent, lake.candidate_of("intern").parent, lake.candidate_of("openbaar").parent]
    staging = [path for bron in lake.rows.glob("*") for path in bron.glob(".lezen-*")]
    found = [*nights, *behind, *builds, *staging, lake.proof_candidate.parent, lake.looked_back, lake.dbt_dev, lake.rebuilt]
    return [path for path in found if path.exists()]


@contextmanager
def nothing_rebuilds(lake: Lake) -> Iterator[None]:
    """Make sure that no release is rebuilt meanwhile (`leerplicht verify`), whose lake would keep what is removed.

    Raises:
        VerifyingError: One is.
    """
    lake.rebuilt.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lake.rebuilt.with_suffix(".lock"), timeout=0):
            yield
    except Timeout:
        raise VerifyingError("er wordt een release nagegaan op dit meer; wacht tot dat klaar is") from None
