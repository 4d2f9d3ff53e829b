"""Every Parquet file has checksums in its pages, and every reader checks them."""

from pathlib import Path

import pyarrow as pa
import pytest

from orchestration import parquet_file
from orchestration.settings import PROJECT


def test_a_flipped_bit_in_a_page_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "rijen.parquet"
    parquet_file.write(pa.table({"aantal": list(range(1000))}), path, compression="none", use_dictionary=False)
    content = bytearray(path.read_bytes())
    place = content.index((500).to_bytes(8, "little"))
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(OSError, match="CRC"):
        parquet_file.read(path)
    with pytest.raises(OSError, match="CRC"):
        list(parquet_file.opened(path).iter_batches())


def test_only_one_module_opens_parquet() -> None:
    """So none can forget the checksums; the others read footers only."""
    sources = [path for folder in ("orchestration", "expectations") for path in (PROJECT / folder).rglob("*.py")]
    calls = ("write_table(", "ParquetWriter(", "read_table(", "ParquetFile(", "ParquetDataset(")
    found = {path.name for path in sources if any(f"pq.{call}" in path.read_text(encoding="utf-8") for call in calls)}
    assert found == {"parquet_file.py"}
