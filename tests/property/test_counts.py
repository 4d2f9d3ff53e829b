"""For any delivery, gelezen = geladen + afgewezen + herhaald, and CSV and XML give the same counts."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from leveringen import Landing, melding, to_xml

ROW = st.fixed_dictionaries(
    {},
    optional={
        "MELDINGSNUMMER": st.sampled_from(["", "1", "2", "3"]),
        "TIJDSTIP_LAATSTE_MUTATIE": st.sampled_from(["", "12:00:00", "12:00:00.000", "25:00:00"]),
        "BSN": st.sampled_from(["", "123456782", "123456789"]),
        "ONDERWIJSNUMMER": st.sampled_from(["", "1", "100000009"]),
        "BRIN": st.sampled_from(["", "09TB", "x"]),
        "VESTIGING": st.sampled_from(["", "0", "09TB01", "16KN01"]),
        "DATUM_BEGIN": st.sampled_from(["", "2025-02-01", "20250201", "2025-02-29", "1900-01-01", "2025-12-01"]),
        "DATUM_EINDE": st.sampled_from(["", "2025-02-10", "2099-01-01"]),
        "UREN": st.sampled_from(["", "1", "1,0", "1.0", "-1"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(lambda values: melding(1, **values), ROW), min_size=1, max_size=12))
def test_every_row_is_loaded_rejected_or_repeated(rows: list[dict[str, str]]):
    folder = Path(tempfile.mkdtemp())
    try:
        landing = Landing(folder)
        landing.meldingen("a", rows)
        landing.write("b", {"verzuimmeldingen.xml": to_xml(rows)}, rijen=len(rows))
        first, second = landing.ingest(max_rejected_rows=1000)
        for entry in (first, second):
            (entity,) = entry.entiteiten
            assert entity.gelezen == len(rows) == entity.geladen + entity.afgewezen + entity.herhaald
            loaded, rejected = landing.loaded(entry), landing.rejected(entry)
            assert (len(loaded), len(rejected)) == (entity.geladen, entity.afgewezen)
            assert Counter(row["code"] for row in rejected) == entity.afgewezen_per_code
            keys = Counter((row["sleutel"], row["mutatiemoment"]) for row in loaded)
            assert not keys or max(keys.values()) == 1
            assert not {row["rijnummer"] for row in loaded} & {row["rijnummer"] for row in rejected}
        assert first.entiteiten[0].afgewezen_per_code == second.entiteiten[0].afgewezen_per_code
    finally:
        shutil.rmtree(folder)
