"""What was counted of a file, remembered by its content: files of rows are immutable, so a night counts only the new ones.

A count is found again only for the same bytes, the same query and the same DuckDB: another rule counts everything anew. The memory is
sealed (`orchestration.whole`); without it, or if it is damaged, everything is counted too. Only the counts of the last night are kept.

Put here: that memory. Keep out: what is counted (`suites/`), and how (`counted.py`).
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from orchestration import whole
from orchestration.lake.files import digests, replace_bytes

Numbers = dict[str, int]
WHAT = "geteld"


def numbers(files: Sequence[tuple[Path, str]], count: Callable[[Path, str], Numbers], memory: Path | None) -> list[Numbers]:
    """Return the counts of files, by name.

    Args:
        files: Each file with the query that counts it.
        count: Runs that query on that file.
        memory: File of the counts of the last night, which is brought up to date; None to remember nothing and count everything.
    """
    if memory is None:
        return [count(path, query) for path, query in files]
    known, hashes = _read(memory), digests(path for path, _ in files)
    keys = [_key(hashes[path], query) for path, query in files]
    found = {key: known[key] if key in known else count(path, query) for key, (path, query) in zip(keys, files, strict=True)}
    if found.keys() != known.keys():
        replace_bytes(memory, whole.seal(json.dumps({WHAT: found}, indent=1).encode()))
    return [found[key] for key in keys]


def _key(sha256: str, query: str) -> str:
    import duckdb

    return hashlib.sha256(json.dumps([sha256, query, duckdb.__version__]).encode()).hexdigest()


def _read(memory: Path) -> dict[str, Numbers]:
    try:
        content, is_sealed = whole.unseal(memory)
    except (FileNotFoundError, whole.DamageError):
        return {}
    known: dict[str, Any] = json.loads(content)[WHAT] if is_sealed else {}
    return known
