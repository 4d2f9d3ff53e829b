"""One changed melding in one landing file changes exactly the expected figures.

Tim has one melding V3, in Hengelo; as L it is still one melding of the same plichtige jongere. So it leaves every count of V3 and enters
every count of L, in Hengelo and the regio.
"""

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
from conftest import Night, copy_of

MOVED = {
    "relatief_16_uur_18_min": -1,
    "luxe_verzuim": 1,
    "meldingen_relatief_16_uur_18_min": -1,
    "meldingen_luxe_verzuim": 1,
    "meldingen_gesloten": -1,
    "meldingen_teruggeleid": -1,
    "telling_16_uur_jongeren": -1,
    "telling_16_uur_meldingen": -1,
    "telling_luxe_jongeren": 1,
    "telling_luxe_meldingen": 1,
}
RATES = {"officieel_verzuim_percentage", "relatief_per_1000", "teruggeleid_percentage"}  # rates whose teller is a count above
COLUMNS = ["schooljaar", "gemeente_code", "indicator", "waarde", "percentage"]


def figures(release: Path) -> dict[tuple[str, str, str], object]:
    found = pq.read_table(release / "kerncijfers.parquet", columns=COLUMNS).to_pylist()
    return {
        (row["schooljaar"], row["gemeente_code"], row["indicator"]): row["waarde"] if row["waarde"] is not None else row["percentage"]
        for row in found
    }


def change_soort(landing: Path, meldingsnummer: str, old: str, new: str) -> str:
    """Change the verzuimsoort of one melding in the DUO delivery with its last version, and the hash in the manifest.

    Returns:
        The name of the delivery.
    """
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
            return folder.name
    raise AssertionError("the melding is in no XML delivery")


def test_a_melding_of_another_soort_moves_one_jongere_from_one_row_to_another(night: Night, tmp_path: Path):
    """In a copy of the lake in which only the changed delivery was never read, so the night reads that one alone."""
    from orchestration.example import TIM_MELDINGSNUMMER

    other = copy_of(night, tmp_path)
    changed_delivery = change_soort(other.lake.landing, TIM_MELDINGSNUMMER, "V3", "L")
    [entry] = other.lake.ledger.glob(f"duo/{changed_delivery}@*.json")
    entry.unlink()
    ran = other.leerplicht("run")
    assert ran.returncode == 0, ran.stderr

    before, after = figures(night.release), figures(other.lake.published("intern") / "current")
    assert before.keys() == after.keys()
    changed = {cell: after[cell] - before[cell] for cell in before if before[cell] != after[cell]}
    counts = {cell: difference for cell, difference in changed.items() if cell[2] not in RATES}
    assert counts == {("2024-2025", area, indicator): difference for area in ("0164", "regio") for indicator, difference in MOVED.items()}
    assert {cell[2] for cell in changed} - {cell[2] for cell in counts} <= RATES
