"""How much memory DuckDB may use, as a share of what there is.

Put here: the size of the memory. Keep out: the share, which is a setting.
"""

import re

OWN_SHARE = 0.8  # of the memory of the machine, or of the container: the limit that DuckDB gives itself
SIZE = re.compile(r"(?P<number>[0-9.]+) (?P<unit>[KMGT]?i?B|bytes)")
UNITS = {"bytes": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


def limit(share: float) -> str:
    """Return a share of the memory of this machine, or of its container, as a value of DuckDB's `memory_limit`.

    DuckDB knows the limit of a container too, so its own limit tells how much there is.

    Args:
        share: Above 0, and at most 1.
    """
    import duckdb

    with duckdb.connect() as connection:
        [(own,)] = connection.execute("select current_setting('memory_limit')").fetchall()
    return f"{as_bytes(own) * share / OWN_SHARE / UNITS['MiB']:.0f}MiB"


def as_bytes(size: str) -> int:
    """Return the bytes of a size as DuckDB writes it, such as `18.7 GiB`.

    Raises:
        ValueError: It is no such size.
    """
    if not (found := SIZE.fullmatch(size)):
        raise ValueError(size)
    return round(float(found["number"]) * UNITS[found["unit"]])
