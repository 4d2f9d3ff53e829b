"""A tiny warehouse for tests of the publication: the repository's own reference data, and figures that agree with the printed report.

Our figure equals the printed one; if that is withheld, ours is one that fits its totals. So only the report's own faults remain.
"""

import json
import shutil
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest

from expectations import gate, verdict
from expectations.reference import totals
from expectations.verdict import Finding, Verdict
from orchestration.lake import Lake
from orchestration.lake.files import digest, make_private
from orchestration.publication import candidate, release
from orchestration.publication.disclosure import known, proof
from orchestration.settings import Settings
from orchestration.warehouse import nights

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
YEARS = ("2023-2024", "2024-2025")
AREAS = {"0164": "Hengelo", "0147": "Borne", "regio": "Regio", "onbekend": "Onbekend"}

# per indicator: Hengelo 2023-2024, 2024-2025, Borne 2023-2024, 2024-2025
COUNTS = {
    "leerplichtigen": (10712, 10478, 3696, 3694),
    "absoluut_verzuim": (7, 7, 2, 1),
    "relatief_verzuim_jongeren": (453, 616, 105, 136),
    "relatief_16_uur_18_min": (222, 303, 65, 75),
    "relatief_16_uur_18_plus": (28, 21, 7, 5),
    "verzuim_18_plus_4_weken": (38, 25, 0, 6),
    "overig_verzuim": (176, 302, 21, 60),
    "luxe_verzuim": (21, 14, 0, 0),
    "langdurig_relatief_verzuim": (9, 11, 14, 3),
    "historisch_verzuim": (0, 0, 0, 0),
    "totaal_jongeren": (460, 623, 107, 137),
    "pv_relatief_verzuim": (11, 3, 1, 9),
    "pv_absoluut_verzuim": (0, 1, 0, 0),
    "pv_luxe_verzuim": (4, 4, 0, 2),
    "haltstraf": (5, 14, 2, 3),
    "juridisch_totaal": (20, 22, 3, 14),
    "incidenten": (390, 287, 91, 83),
    "vrijstelling_5a": (15, 21, 2, 1),
    "vrijstelling_5b": (10, 21, 0, 2),
    "vrijstelling_5c": (2, 6, 0, 2),
    "vrijstelling_15": (3, 0, 3, 2),
    "vrijstellingen_totaal": (30, 48, 5, 7),
    "thuiszitterstafel_aanmeldingen": (4, 8, 2, 3),
}
REASON = "De registratie veranderde."
TREND_BREAKS = {"overig_verzuim", "incidenten", "relatief_verzuim_jongeren", "totaal_jongeren", "verzuimpercentage"}

DELIVERIES = [
    ("monitor", "20250801T000000", "2025-08-01T00:30:00+02:00", "volledig", "geaccepteerd", "", "", 4, 40000, "a" * 64),
    ("duo", "20250802T020000", "2025-08-02T02:00:00+02:00", "mutatie", "geaccepteerd", "", "", 3, 2100, "b" * 64),
    (
        "duo",
        "20250901T020000",
        "2025-09-01T02:00:00+02:00",
        "mutatie",
        "geweigerd",
        "hash_wijkt_af",
        "koppeling.csv [regel 3]",
        1,
        5,
        "c" * 64,
    ),
    ("duo", "20250903T020000", None, None, "geweigerd", "manifest_ongeldig", "levering.json is geen JSON", 0, None, "d" * 64),
    ("carel", "20250801T010000", "2025-08-01T01:00:00+02:00", "volledig", "geaccepteerd", "", "", 3, 900, "e" * 64),
]
QUALITY = [
    ("monitor", "20250801T000000", "jongere", "gelezen", "", 40000),
    ("monitor", "20250801T000000", "jongere", "geladen", "", 40000),
    ("duo", "20250802T020000", "verzuimmelding", "gelezen", "", 2100),
    ("duo", "20250802T020000", "verzuimmelding", "geladen", "", 2095),
    ("duo", "20250802T020000", "verzuimmelding", "herhaald", "", 3),
    ("duo", "20250802T020000", "verzuimmelding", "afgewezen", "code_onbekend", 2),
    ("duo", "20250802T020000", "verzuimmelding", "waarschuwing", "uren_onder_16", 7),
    ("carel", "20250801T010000", "incident", "gelezen", "", 900),
    ("carel", "20250801T010000", "incident", "geladen", "", 900),
]

KERNCIJFERS = """
create table jaarverslag.kerncijfers (
    schooljaar varchar, gemeente_code varchar, gemeente varchar, tabel varchar, indicator varchar, label varchar, waarde bigint,
    percentage decimal(9, 2), teller bigint, noemer bigint, eenheid varchar, status varchar, vorige_waarde bigint, verschil bigint,
    verschil_percentage decimal(9, 1), vorig_percentage decimal(9, 2), verschil_punten decimal(9, 2), trendbreuk boolean,
    trendbreuk_reden varchar, bron varchar, peildatum date, volgorde integer
)
"""
BREAKDOWNS = """
create table jaarverslag.uitsplitsingen as
select
    schooljaar, gemeente_code, gemeente, tabel, indicator, label, 'maand' as uitsplitsing,
    left(schooljaar, 4) || '-09' as uitsplitsing_waarde, 'september ' || left(schooljaar, 4) as uitsplitsing_label,
    waarde, eenheid, status, null::bigint as vorige_waarde,
    null::bigint as verschil, null::decimal(9, 1) as verschil_percentage, trendbreuk, trendbreuk_reden, bron, volgorde
from jaarverslag.kerncijfers
where indicator = 'incidenten'
"""
DELIVERY = """
create table kern.levering (
    bron varchar, levering varchar, kennisdatum varchar, aard varchar, oordeel varchar, code varchar, reden varchar, bestanden integer,
    rijen bigint, sha256 varchar
)
"""
SOURCES = """
create table kern.bron as
select
    bron, max(kennisdatum) as kennisdatum, count(*) as leveringen, 0::bigint as afgewezen_procent
from kern.levering
where oordeel = 'geaccepteerd'
group by bron
"""
CHANGE = """
update jaarverslag.kerncijfers
set
    waarde = waarde + 1,
    verschil = verschil + 1,
    verschil_percentage = round(100 * (verschil + 1)::decimal(18, 0) / vorige_waarde, 1)
where indicator = 'incidenten' and gemeente_code in ('0164', 'regio') and schooljaar = ?
"""
OTHERS = """
create table kern.vergelijking as
select
    'Gemeente Elders' as bron, jaar::varchar as peiljaar, (jaar - 1) || '-' || jaar as schooljaar, 'land' as gebied_soort,
    'NL' as gebied_code, 'ocw_relatief_per_1000' as indicator, (jaar - 2000)::decimal(12, 4) as waarde,
    '2025-03-01' as publicatiedatum, 'niet vermeld' as licentie, 'Gemeente Elders, jaarverslag 2024' as vindplaats
from range(2023, 2025) as jaren (jaar)
"""
SCHOOLJAREN = "create table kern.schooljaar (schooljaar varchar, is_afgesloten boolean)"
QUALITY_TABLE = "create table kern.kwaliteit (bron varchar, levering varchar, entiteit varchar, ernst varchar, code varchar, aantal bigint)"


def count(indicator: str, area: str, year: str) -> int:
    """Return our figure for an area and a year."""
    place = YEARS.index(year)
    if area == "regio":
        return COUNTS[indicator][place] + COUNTS[indicator][place + 2]
    if area == "onbekend":
        return int(indicator == "incidenten")
    return COUNTS[indicator][place + 2 * (area == "0147")]


def build(lake: Lake) -> Path:
    """Write the warehouse, and green verdicts of all gates."""
    path = lake.warehouse_current
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(_made())
    gates(lake)
    return path


@cache
def _made() -> bytes:
    """Return the bytes of the file, built once per test process, which takes a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "magazijn.duckdb"
        _make(path)
        return path.read_bytes()


def _make(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        for schema in ("referentie", "kern", "jaarverslag"):
            connection.execute(f"create schema {schema}")
        for table in ("kern.indicator", "kern.gepubliceerd_cijfer", "referentie.gemeente"):
            schema, _, seed = table.partition(".")
            [file] = [path for path in (SEEDS / schema).glob("*.csv") if path.stem.split("__")[-1] == seed]
            text = ", all_varchar = true" if table != "kern.indicator" else ""
            connection.execute(f"create table {table} as select * from read_csv('{file}', header = true{text})")
        connection.execute("create table kern.optelling (totaal varchar, onderdeel varchar)")
        sums = [(total, part) for total, made_of in totals().items() for part in made_of]
        connection.executemany("insert into kern.optelling values (?, ?)", sums)
        for table in (KERNCIJFERS, DELIVERY, QUALITY_TABLE, SCHOOLJAREN):
            connection.execute(table)
        connection.executemany("insert into kern.schooljaar values (?, true)", [[year] for year in YEARS])
        connection.executemany(f"insert into kern.levering values ({', '.join('?' * 10)})", DELIVERIES)
        connection.execute(SOURCES)
        connection.execute(OTHERS)
        connection.executemany(f"insert into kern.kwaliteit values ({', '.join('?' * 6)})", QUALITY)
        connection.executemany(f"insert into jaarverslag.kerncijfers values ({', '.join('?' * 22)})", _figures(connection))
        connection.execute(BREAKDOWNS)


def change(lake: Lake) -> None:
    """Change a figure of a gemeente, and so of the regio, in the last year only."""
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute(CHANGE, [YEARS[1]])


def closed(lake: Lake, *years: str) -> None:
    """Close some schooljaren, and no others."""
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute("delete from kern.schooljaar")
        connection.executemany("insert into kern.schooljaar values (?, true)", [[year] for year in years] or [["1900-1901"]])


def known_until(lake: Lake, moment: str) -> None:
    """Change the kennisdatum of the latest accepted delivery."""
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        connection.execute("update kern.levering set kennisdatum = ? where bron = 'duo' and oordeel = 'geaccepteerd'", [moment])
        connection.execute("update kern.bron set kennisdatum = ? where bron = 'duo'", [moment])


def verdict_on(path: Path, poort: str = "warehouse", *, red: bool = False, na: str = "") -> Verdict:
    """Return a verdict on the content of a path, green by default."""
    findings = (
        Finding(poort, "de tabel heeft rijen", "tabel", "", "critical", not red, 12, int(red)),
        Finding(poort, "de kolom is gevuld", "tabel", "kolom", "warning", False, 12, 1),
    )
    return Verdict(poort, findings, digest(path) if path.exists() else "", path.name, "2025-08-02T02:00:00+00:00", na)


def gates(lake: Lake, red: str = "") -> dict[str, Verdict]:
    """Write and return the verdicts of all gates on the current lake, with one red gate if given."""
    lake.ledger.mkdir(parents=True, exist_ok=True)
    judged = {"bronnen": lake.ledger, "warehouse": lake.warehouse_current}
    judged |= {"publicatie": lake.candidate_of("intern"), "openbaar": lake.candidate_of("openbaar")}
    na = {"warehouse": digest(lake.ledger)}
    found = {poort: verdict_on(path, poort, red=poort == red, na=na.get(poort, "")) for poort, path in judged.items()}
    for one in found.values():
        verdict.write(one, lake)
    return found


def swap(lake: Lake) -> None:
    """Swap in the built warehouse, with a green verdict."""
    nights.swap(lake, verdict_on(lake.warehouse_build))


def publish(lake: Lake, settings: Settings, zone: str = "intern", red: str = "") -> release.Published:
    """Publish the candidate, with verdicts of all gates."""
    own = {"intern": "publicatie", "openbaar": "openbaar"}[zone]
    return release.publish(lake, settings, zone, gates(lake, red)[own])


def publish_openbaar(lake: Lake, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> release.Published:
    """Publish what `intern` has as `openbaar` too, unprotected, with a proof that only says of which release it was made."""
    monkeypatch.setattr(proof, "check", lambda *_: None)
    folder = candidate.begin(lake, "openbaar")
    for path in lake.candidate_of("intern").iterdir():
        shutil.copyfile(path, folder / path.name)
    made_of = (lake.published("intern") / "current").resolve().name
    (make_private(lake.proof_candidate) / known.SUMMARY).write_text(json.dumps({"intern": made_of}))
    return publish(lake, settings, "openbaar")


def without_file_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable the rules on the files, for tests with made-up figures that are inconsistent."""
    monkeypatch.setattr(gate, "judge_files", lambda found, _folder, _lake: found)


def _figures(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    query = "select indicator, tabel, label, eenheid, bron, heeft_peildatum, volgorde from kern.indicator where tabel in ({})"
    printed = "'leerplichtigen', 'verzuim_naar_soort', 'juridisch_kader', 'incidenten', 'vrijstellingen', 'thuiszitterstafel'"
    rows = []
    for indicator, tabel, label, eenheid, bron, dated, order in connection.execute(query.format(printed)).fetchall():
        for area, name in AREAS.items():
            previous: tuple[int | None, Decimal | None] = (None, None)
            for year in YEARS:
                value, rate, teller, noemer, status = _figure(indicator, area, year)
                difference = value - previous[0] if value is not None and previous[0] is not None else None
                points = rate - previous[1] if rate is not None and previous[1] is not None else None
                share = _round(100 * difference, previous[0], "0.1") if difference is not None and previous[0] else None
                broken = year == YEARS[1] and indicator in TREND_BREAKS
                day = f"{year[:4]}-10-01" if dated else None
                rows.append(
                    (
                        *(year, area, name, tabel, indicator, label, value, rate, teller, noemer, eenheid, status),
                        *(previous[0], difference, share, previous[1], points, broken, REASON if broken else None, bron, day, order),
                    )
                )
                previous = (value, rate)
    return rows


def _figure(indicator: str, area: str, year: str) -> tuple[int | None, Decimal | None, int | None, int | None, str]:
    on_population = indicator in ("leerplichtigen", "verzuimpercentage")
    if area == "onbekend" and on_population:
        return None, None, None, None, "niet_van_toepassing"
    if indicator == "verzuimpercentage":
        teller, noemer = count("totaal_jongeren", area, year), count("leerplichtigen", area, year)
        return None, _round(100 * teller, noemer, "0.01"), teller, noemer, "gepubliceerd"
    return count(indicator, area, year), None, None, None, "gepubliceerd"


def _round(teller: int, noemer: int, step: str) -> Decimal:
    return (Decimal(teller) / Decimal(noemer)).quantize(Decimal(step), ROUND_HALF_UP)
