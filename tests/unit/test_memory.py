"""The memory that DuckDB may use follows from the machine and a share."""

import duckdb
import pytest

from orchestration import memory


@pytest.mark.parametrize(
    ("size", "expected"),
    [("512 bytes", 512), ("1.5 KiB", 1536), ("953.6 MiB", 999_922_074), ("18.7 GiB", 20_078_972_109), ("2.0 TiB", 1 << 41)],
)
def test_a_size_of_duckdb_in_bytes(size: str, expected: int) -> None:
    assert memory.as_bytes(size) == expected


def test_what_is_no_size_is_refused() -> None:
    with pytest.raises(ValueError, match="veel"):
        memory.as_bytes("veel")


def test_half_of_the_share_is_half_of_the_limit_and_duckdb_takes_it() -> None:
    with duckdb.connect() as connection:
        sizes = []
        for share in (0.2, 0.4):
            connection.execute(f"set memory_limit = '{memory.limit(share)}'")
            sizes.append(memory.as_bytes(connection.execute("select current_setting('memory_limit')").fetchall()[0][0]))
    assert sizes[0] * 2 == pytest.approx(sizes[1], rel=0.05)
