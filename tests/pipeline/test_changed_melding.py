"""One changed melding in one landing file changes exactly the figures that it should, and nothing else."""

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import Place

pytestmark = pytest.mark.xdist_group("gewijzigde melding")

COLUMNS = ["schooljaar", "gemeente_code", "indicator", "waarde", "percentage"]


def figures(release: Path) -> dict[tuple[str, str, str], object]:
    found = pq.read_table(release / "kerncijfers.parquet", columns=COLUMNS).to_pylist()
    return {
        (row["schooljaar"], row["gemeente_code"], row["indicator"]): row["waarde"] if row["waarde"] is not None else row["percentage"]
        for row in found
    }


def change_soort(landing: Path, meldingsnummer: str, old: str, new: str) -> None:
    """Change the verzuimsoort of one melding in the DUO delivery that brought its last version, and its hash in the manifest."""
    for folder in sorted((landing / "duo").iterdir(), reverse=True):
        for file in folder.glob("verzuimmeldingen*.xml"):
            text = file.read_bytes()
            start = text.find(f">{meldingsnummer}</".encode())
            if start < 0:
                continue
            end = text.index(b"</Verzuimgeval>", start) if b"</Verzuimgeval>" in text else text.index(b"Verzuimgeval>", start)
            record = text[start:end]
            changed = record.replace(f"Verzuimsoort>{old}<".encode(), f"Verzuimsoort>{new}<".encode())
            assert changed != record
            content = text[:start] + changed + text[end:]
            file.write_bytes(content)
            manifest = json.loads((folder / "levering.json").read_text())
            for entry in manifest["bestanden"]:
                if entry["naam"] == file.name:
                    entry["sha256"] = hashlib.sha256(content).hexdigest()
            (folder / "levering.json").write_text(json.dumps(manifest))
            return
    raise AssertionError("the melding is in no XML delivery")


def test_a_melding_of_another_soort_moves_one_jongere_from_one_row_to_another(night, example_landing, elsewhere: Place):
    from orchestration.example import TIM_MELDINGSNUMMER

    shutil.copytree(example_landing, elsewhere.lake.landing)
    change_soort(elsewhere.lake.landing, TIM_MELDINGSNUMMER, "V3", "L")
    ran = elsewhere.leerplicht("run")
    assert ran.returncode == 0, ran.stderr

    before, after = figures(night.release), figures(elsewhere.lake.published("intern") / "current")
    assert before.keys() == after.keys()
    changed = {cell: (before[cell], after[cell]) for cell in before if before[cell] != after[cell]}
    for area in ("0164", "regio"):
        fewer = changed.pop(("2024-2025", area, "relatief_16_uur_18_min"))
        more = changed.pop(("2024-2025", area, "luxe_verzuim"))
        assert (fewer[0] - fewer[1], more[1] - more[0]) == (1, 1)
    assert not changed
