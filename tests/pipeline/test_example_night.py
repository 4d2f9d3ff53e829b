"""The example, from raw files to the published jaarverslag, by the command line."""

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from conftest import snapshot

from orchestration.lake import Lake

FAULTS_OF_THE_REPORT = {
    ("factsheet", "leerplichtigen", "Borne", "2023-2024"),
    ("factsheet", "verzuimpercentage", "Hengelo", "2023-2024"),
    ("hoofdrapport", "verzuimpercentage", "Hengelo", "2023-2024"),
    ("hoofdrapport", "relatief_16_uur_18_plus", "Borne", "2024-2025"),
}


def rows(night, name):
    return pq.read_table(night.release / f"{name}.parquet").to_pylist()


def test_every_printed_figure_comes_out_but_the_four_that_are_wrong(night):
    cells = [row for row in rows(night, "reconciliatie") if row["soort"] == "cel"]
    assert len(cells) == 125
    verdicts = [row["oordeel"] for row in cells]
    assert verdicts.count("gelijk") + verdicts.count("binnen_onderdrukking") == 121
    assert verdicts.count("niet_berekend") == 0
    deviating = {(row["document"], row["indicator"], row["gemeente"], row["schooljaar"]) for row in cells if row["oordeel"] == "wijkt_af"}
    assert deviating == FAULTS_OF_THE_REPORT


def test_the_faults_inside_the_report_are_found_by_rule(night):
    faults = [row for row in rows(night, "reconciliatie") if row["soort"] != "cel"]
    kinds = {row["oordeel"] for row in faults}
    assert {"som_onder_totaal", "documenten_verschillen", "onderdrukt_boven_grens", "onderdrukking_herleidbaar"} <= kinds


def test_every_gate_was_evaluated_and_green(night):
    found = rows(night, "poorten")
    assert {row["poort"] for row in found} == {"bronnen", "warehouse", "publicatie"}
    assert all(row["geslaagd"] for row in found if row["ernst"] == "critical")
    assert all(row["gezien"] > 0 for row in found)


def test_read_is_loaded_and_rejected_and_repeated(night):
    counts: dict[tuple[str, ...], dict[str, int]] = {}
    for row in rows(night, "kwaliteit"):
        per = counts.setdefault((row["bron"], row["levering"], row["entiteit"]), {})
        per[row["ernst"]] = per.get(row["ernst"], 0) + row["aantal"]
    assert counts
    for key, per in counts.items():
        assert per["gelezen"] == per["geladen"] + per.get("afgewezen", 0) + per.get("herhaald", 0), key
    assert sum(per.get("afgewezen", 0) for per in counts.values()) > 0
    assert sum(per.get("waarschuwing", 0) for per in counts.values()) > 0


def test_a_second_night_reads_nothing_again_and_changes_no_published_byte(night):
    kept = (night.lake.ledger, night.lake.rows, night.lake.quarantine, night.place.root / "published")
    after = snapshot(*kept)
    before = night.files_after_first
    assert after.keys() == before.keys()
    rows_and_ledger = [path for path in after if "/published/" not in path]
    assert rows_and_ledger
    assert all(after[path] == before[path] for path in rows_and_ledger), "a file of the lake was written again"
    published = [path for path in after if "/releases/" in path]
    assert len(published) > 5
    assert all(after[path][1] == before[path][1] for path in published)


def test_a_run_ends_with_the_verdict_in_five_lines(night):
    came, gates, printed, places, verdict = night.first.stdout.splitlines()
    assert came.startswith("kwam       15 leveringen: 14 geaccepteerd, 1 herhaald; 203.303 rijen geladen, 16 afgewezen")
    assert gates.startswith("poorten    bronnen, warehouse, publicatie, openbaar groen (")
    assert printed == "verslag    125 gedrukte cijfers: 102 gelijk, 19 binnen de onderdrukking, 4 wijken af, 0 niet berekend"
    portal, parquet = (Path(place.partition(" (")[0]) for place in places.removeprefix("kijk in").strip().split(", ")[:2])
    assert portal.name == "index.html" and portal.is_file() and parquet.resolve() == night.release.resolve()
    public = (night.lake.published("openbaar") / "current").resolve().name
    assert verdict.startswith(
        f"Gepubliceerd: intern {night.release.resolve().name} en openbaar {public}, voorlopig, met wat bekend was op "
    )
    nothing, *_, last = night.second.stdout.splitlines()[-5:]
    assert nothing == "kwam       niets nieuws; 14 eerdere leveringen tellen mee"
    assert last == f"Niets nieuws: lezers hadden deze cijfers al (intern {night.release.resolve().name})."


def test_a_full_run_shows_the_tables_with_each_record_on_one_line(night):
    text = night.second.stdout
    assert "Verzuim 18+ gedurende minimaal 4 aaneengesloten schoolweken" in text
    for word in ("monitor", "duo", "carel", "bronnen", "warehouse", "publicatie", "Hengelo", "Borne", "10.712", "10.478", "5,95%", "4,29%"):
        assert word in text, word
    assert "Traceback" not in night.first.stderr + night.second.stderr


def test_the_warehouse_opens_read_only_and_needs_no_other_file(night):
    with duckdb.connect(str(night.lake.warehouse_current), read_only=True, config={"enable_external_access": "false"}) as connection:
        tables = {
            f"{schema}.{name}" for schema, name in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        }
        assert not connection.execute("select 1 from duckdb_views() where schema_name = 'lake'").fetchall()
        for table in sorted(tables):
            connection.execute(f"select count(*) from {table}").fetchone()
        wanted = "jongere melding interventie vrijstelling incident plichtige gemeente school schooljaar verzuimsoort"
        assert {f"kern.{name}" for name in wanted.split()} <= tables
        assert "jaarverslag.kerncijfers" in tables
        birth_dates = connection.execute(
            "select schema_name from duckdb_columns() where column_name like '%geboortedatum%' and schema_name in ('kern', 'jaarverslag')"
        ).fetchall()
        assert not birth_dates


def test_tim_is_followed_from_three_sources_in_order(night):
    from orchestration.example import TIM_MELDINGSNUMMER

    with duckdb.connect(str(night.lake.warehouse_current), read_only=True) as connection:
        [(tim,)] = connection.execute("select jongere_id from kern.melding where meldingsnummer = ?", [TIM_MELDINGSNUMMER]).fetchall()
        events = connection.execute(
            "select soort_gebeurtenis, soort, schooljaar, gemeente_code from kern.traject where jongere_id = ? order by volgnummer", [tim]
        ).fetchall()
    assert [(kind, detail, year) for kind, detail, year, _ in events] == [
        ("interventie", "spreekuur", "2023-2024"),
        ("incident", "ouders", "2024-2025"),
        ("melding", "V3", "2024-2025"),
        ("interventie", "verzuimgesprek", "2024-2025"),
        ("interventie", "waarschuwing", "2024-2025"),
    ]
    assert {gemeente for *_, gemeente in events} == {"0164"}


def test_each_event_of_tim_is_in_the_right_figures(night):
    from orchestration.example import TIM_MELDINGSNUMMER

    with duckdb.connect(str(night.lake.warehouse_current), read_only=True) as connection:
        found = connection.execute(
            "select t.soort, b.schooljaar, list(b.indicator order by b.indicator) from kern.traject as t"
            " inner join jaarverslag.bijdrage as b on t.soort_gebeurtenis = b.soort_gebeurtenis and t.nummer = b.nummer"
            " where t.jongere_id = (select jongere_id from kern.melding where meldingsnummer = ?) group by all order by min(t.volgnummer)",
            [TIM_MELDINGSNUMMER],
        ).fetchall()
    melding = (
        "herhaalverzuim_jongeren meldingen_gesloten meldingen_opgevolgd meldingen_relatief_16_uur_18_min meldingen_teruggeleid "
        "meldingen_totaal ocw_relatief_herhaald_jongeren ocw_relatief_jongeren relatief_16_uur_18_min relatief_verzuim_jongeren "
        "telling_16_uur_jongeren telling_16_uur_meldingen totaal_jongeren_uniek verzuim_plichtig_jongeren"
    )
    assert found == [
        ("spreekuur", "2023-2024", ["interventies", "spreekuur_jongeren"]),
        ("ouders", "2024-2025", ["incidenten"]),
        ("V3", "2024-2025", melding.split()),
        ("verzuimgesprek", "2024-2025", ["interventies"]),
        ("waarschuwing", "2024-2025", ["interventies"]),
    ]


def test_the_monitor_counts_what_we_count(night):
    told = night.place.leerplicht("reconcile")
    assert told.returncode == 0
    assert "8 cijfers: 6 gelijk, 2 binnen de onderdrukking, 0 wijken af, 0 niet berekend" in told.stdout
    assert "eigen cijfers van de monitor: " in night.first.stderr
    assert "Naast de eigen cijfers van de monitor" not in night.second.stdout, "what does not deviate needs no telling"


def test_no_birth_date_stands_in_the_warehouse(night):
    with duckdb.connect(str(night.lake.warehouse_current), read_only=True) as connection:
        columns = connection.execute("select schema_name, table_name, column_name from duckdb_columns() where not internal").fetchall()
    assert not [name for name in columns if "geboortedatum" in name[2] or name[2] == "onderwijsnummer" or name[2] == "bsn"]
    assert {"datum", "peildatum", "geboortejaar"} <= {column for *_, column in columns}, "columns are there to be found"
    assert not [name for name in columns if name[1].startswith("stg_monitor") or name[1].endswith("op_datum")]


def test_the_file_of_analysts_has_nothing_else_in_any_byte(night):
    """Its tables are theirs, no block is left of a dropped one, and what only the pipeline has is in no byte of it."""
    path = night.lake.warehouse_current.resolve()
    provenance = night.lake.provenance(path.parent.name)
    with duckdb.connect(str(path), read_only=True) as connection:
        schemas = connection.execute(
            "select schema_name from duckdb_tables() union select schema_name from duckdb_views() where not internal"
        )
        assert {schema for (schema,) in schemas.fetchall()} == {"kern", "jaarverslag"}
        free = connection.execute("select free_blocks, total_blocks > 10 from pragma_database_size()").fetchall()
        assert free == [(0, True)]
        numbers = {number for (number,) in connection.execute("select nummer from kern.traject").fetchall()}
    with duckdb.connect(str(provenance), read_only=True) as connection:
        rejected = connection.execute("select distinct sleutel from staging.stg_grootboek__afwijzing").fetchall()
    private = {key.encode() for (key,) in rejected if key not in numbers} | {b"is_geldig"}
    assert len(private) > 5
    assert {word for word in private if word not in provenance.read_bytes()} == set(), "they are where they can be found"
    content = path.read_bytes()
    assert {word for word in private | {bytes(night.place.root)} if word in content} == set()
    assert provenance.stat().st_mode & 0o077 == provenance.parent.stat().st_mode & 0o077 == 0
    assert not list(night.lake.warehouse_nights.parent.rglob("geboortedata*"))


def test_no_date_of_the_warehouse_is_the_birth_date_of_its_jongere(night):
    """Compared with the rows in the lake, not with the models."""
    rows = str(night.lake.rows / "monitor" / "jongere" / "*.parquet")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{night.lake.warehouse_current}' as magazijn (read_only)")
        connection.execute(
            "create table geboren as select distinct coalesce(bsn_pseudoniem, onderwijsnummer_pseudoniem) as jongere_id, geboortedatum"
            f" from read_parquet('{rows}') where geboortedatum is not null"
        )
        columns = connection.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = 'magazijn'"
            " and regexp_matches(data_type, 'DATE|TIME')"
            " and table_name in (select table_name from duckdb_columns() where column_name = 'jongere_id')"
        ).fetchall()
        compared = {
            f"{table}.{name}": connection.execute(
                f"select count(*), count(*) filter (where cast({name} as date) = geboortedatum)"
                f" from magazijn.{table} inner join geboren using (jongere_id) where {name} is not null"
            ).fetchone()
            for table, name in columns
        }
    assert len(compared) > 15
    assert compared["kern.woonperiode.datum_vestiging"][0] > 18_000
    assert {column: equal for column, (_, equal) in compared.items() if equal} == {}


def test_no_identifier_of_the_example_stands_anywhere_but_in_landing(night):
    from orchestration.example import identifiers

    known = {number.encode() for number in identifiers()}
    assert len(known) > 10_000
    assert all(re.fullmatch(rb"\d{9}", number) for number in known)
    searched = 0
    for folder in (night.place.root, night.place.key_file.parent):
        for path in folder.rglob("*"):
            if path.is_file() and night.lake.landing not in path.parents:
                searched += 1
                assert not _numbers(path) & known, path
    assert searched > 50
    assert _numbers(next(night.lake.landing.rglob("jongeren.csv"))) & known, "the search itself finds nothing"
    for output in (night.first, night.second):
        assert not _find((output.stdout + output.stderr).encode()) & known


def test_the_search_for_identifiers_finds_one_in_a_packed_file(tmp_path):
    table = pa.table({"waarde": ["over 123456782"]})
    pq.write_table(table, tmp_path / "waarde.parquet")
    pq.write_table(pa.table({"waarde": [1]}, metadata={"over": "123456782"}), tmp_path / "voet.parquet")
    with duckdb.connect(str(tmp_path / "waarde.duckdb")) as connection:
        connection.execute("create table waarde as select 'over 123456782' as waarde")
    with duckdb.connect(str(tmp_path / "uitleg.duckdb")) as connection:
        connection.execute("create table waarde as select 1 as waarde")
        connection.execute("comment on column waarde.waarde is '123456782'")
    assert [_numbers(path) for path in tmp_path.iterdir()] == [{b"123456782"}] * 4


def _find(content: bytes) -> set[bytes]:
    # letters a-f and a point are boundaries: hashes and times in seconds contain nine digits that are a valid number by chance
    return set(re.findall(rb"(?<![0-9a-f])(?<![0-9]\.)\d{9}(?![0-9a-f])", content))


def _numbers(path: Path) -> set[bytes]:
    # search the contents of packed files: their bytes contain nine digits that are a valid number by chance
    if path.suffix == ".parquet":
        return _numbers_of_columns(pq.read_table(path)) | _find(_footer(path).encode())
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            queries = [f'from "{schema}"."{table}"' for schema, table in names]
            queries += ["select comment from duckdb_tables()", "select comment from duckdb_columns()"]
            return set[bytes]().union(*(_numbers_of_columns(connection.execute(query).to_arrow_table()) for query in queries))
    return _find(path.read_bytes())


def _footer(path: Path) -> str:
    footer = pq.read_metadata(path)
    return f"{footer.to_dict()} {footer.metadata}"


def _numbers_of_columns(table) -> set[bytes]:
    values = (column.to_pylist() if pa.types.is_nested(column.type) else column.unique().to_pylist() for column in table.columns)
    return _find("\n".join(str(value) for column in values for value in column).encode())


def test_landing_and_key_are_for_their_owner_alone(night):
    assert night.lake.landing.stat().st_mode & 0o777 == 0o700
    assert night.place.key_file.stat().st_mode & 0o777 == 0o600
    key = night.place.key_file.read_bytes()
    assert len(key) >= 64
    assert not any(key in path.read_bytes() for path in Lake(night.place.root).root.rglob("*") if path.is_file())
