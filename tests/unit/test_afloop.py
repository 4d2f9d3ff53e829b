"""The outcome of an intervention is a code that belongs to its soort; another one is empty, with a warning."""

from leveringen import Landing, bsn, to_csv

from expectations import contract

AFLOPEN = {
    "halt": ["geslaagd", "mislukt", "retour"],
    "proces_verbaal": ["sepot", "boete", "taakstraf", "schuldig_zonder_straf", "vrijspraak", "loopt"],
}


def test_an_afloop_of_another_soort_or_of_no_list_is_empty_with_a_warning(landing: Landing):
    def row(number: int, soort: str, afloop: str) -> dict[str, str]:
        about = {"INTERVENTIENR": str(number), "BSN": bsn(32_000_000), "DATUM": "03-03-2025", "VERZUIMSOORT": "relatief"}
        return about | {"SOORT": soort, "AFLOOP": afloop}

    every = [afloop for listed in AFLOPEN.values() for afloop in listed]
    given = [(soort, afloop) for soort in (*AFLOPEN, "spreekuur") for afloop in (*every, "", "Geslaagd", "er is gesproken", "#N/A")]
    rows = [row(number, *pair) for number, pair in enumerate(given, start=1)]
    landing.write("a", {"interventies.csv": to_csv(rows)}, bron="carel", entiteit="interventie", rijen=len(rows))
    (entry,) = landing.ingest("carel")
    assert entry.entiteiten[0].afgewezen == 0
    loaded = landing.loaded(entry)
    for (soort, afloop), read in zip(given, loaded, strict=True):
        fits = afloop in AFLOPEN.get(soort, [])
        assert read["afloop"] == (afloop if fits else None), (soort, afloop)
        assert read["waarschuwingen"] == ([] if fits or not afloop else ["afloop_onbekend"]), (soort, afloop)
    column = next(column for column in contract.load("carel").entities["interventie"].columns if column.name == "afloop")
    assert column.allowed_by and {soort: list(codes) for soort, codes in column.allowed_by.values.items()} == AFLOPEN
    assert list(column.allowed) == every
