"""The attacker reads the portal: its data has the same rows and values as the Parquet, so he solves nothing more.

Another test covers factsheets and workbook: with the true figures put back into the withheld rows, they are the same, byte for byte
(`tests/pipeline/test_renderings_of_a_night.py`).
"""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import Night

TABLES = ("kerncijfers", "uitsplitsingen")


def unpacked(packed: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table in the portal's data, which stores for each column its values and the index per row."""
    columns = {
        name: [column["waarden"][place] for place in column.get("plaats", [0] * packed["aantal"])]
        for name, column in packed["kolommen"].items()
    }
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def comparable(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(float(value) if isinstance(value, Decimal) else value)) for name, value in row.items()))


@pytest.fixture
def told(night: Night) -> dict[str, list[dict[str, Any]]]:
    """The rows of all files of figures together, by table."""
    release = (night.lake.published("openbaar") / "current").resolve().name
    folder = night.lake.published("openbaar") / "weergaven" / release / "portaal" / "onderdelen" / "cijfers"
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for path in folder.iterdir():
        indicator, kind, packed = json.loads(f"[{path.read_text(encoding='utf-8').removeprefix('rows.receive(').rstrip().removesuffix(');')}]")
        assert path.stem == (f"{indicator}.{kind}" if kind else indicator)
        found[TABLES[bool(kind)]] += unpacked(packed)
    return found


@pytest.mark.parametrize("number", range(len(TABLES)), ids=TABLES)
def test_the_portal_tells_an_attacker_what_the_parquet_tells_him(night: Night, told: dict[str, list[dict[str, Any]]], number: int):
    rows = pq.read_table(night.lake.published("openbaar") / "current" / f"{TABLES[number]}.parquet").to_pylist()
    found = told[TABLES[number]]
    assert len(found) == len(rows) > 400
    assert sorted(map(comparable, found)) == sorted(map(comparable, rows))
    withheld = {"kerncijfers": "<5", "uitsplitsingen": "afgerond"}[TABLES[number]]
    assert withheld in {row["weergave"] for row in found} | {row["status"] for row in found}


def test_the_portal_has_no_other_file_with_figures(night: Night):
    """Scripts and styles are those of the code, and these pages have no tables of figures: only `data.js` and the files in `cijfers` come
    from the release, and the former holds none."""
    portal = next(night.lake.published("openbaar").glob("weergaven/*/portaal"))
    names = {str(path.relative_to(portal)) for path in portal.rglob("*") if path.is_file()}
    code = Path(__file__).parents[2] / "orchestration" / "publication" / "renderings" / "portal"
    own = {f"onderdelen/{path.name}": path for part in ("scripts", "vendor") for path in (code / part).iterdir()}
    own |= {f"onderdelen/{path.name}": path for path in code.glob("*.css")}
    figures = {name for name in names if name.startswith("onderdelen/cijfers/")}
    assert len(figures) > 50
    assert names - own.keys() - figures == {
        "onderdelen/data.js", "onderdelen/kleuren.css", "index.html", "cijfers.html", "insluiten.html", "veranderd.html",
        "woordenboek.html", "kwaliteit.html",
    }  # fmt: skip
    assert all((portal / name).read_bytes() == own[name].read_bytes() for name in names & own.keys())
    assert not re.search(r"ca\. \d", (portal / "onderdelen" / "data.js").read_text(encoding="utf-8"))
