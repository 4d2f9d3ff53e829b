"""The list of releases and its feed: all of them, the last first, with what changed; and a feed that programs can read."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import magazijn
import pytest
from lxml import etree
from renderings_rows import SENDER, figure, indicator, release

from orchestration.lake import Lake
from orchestration.publication import approval
from orchestration.publication.candidate import build_candidate
from orchestration.publication.release import Published
from orchestration.publication.renderings import editions, source
from orchestration.publication.renderings.editions import Edition
from orchestration.publication.renderings.portal import feed
from orchestration.settings import Settings

ATOM = {"a": feed.ATOM}
HERE = replace(SENDER, address="https://cijfers.gemeente.example/leerplicht/", contact="leerplicht@gemeente.example")
FIRST = Edition("20240805T230000Z-a", "definitief", datetime(2024, 8, 5, 23, tzinfo=UTC), datetime(2024, 10, 1, 9, tzinfo=UTC), "Eerste.")
SECOND = Edition("20250805T230000Z-b", "voorlopig", datetime(2025, 8, 5, 23, tzinfo=UTC), None, "Schooljaar 2024-2025 kwam erbij.")


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    magazijn.without_file_rules(monkeypatch)
    lake = Lake(tmp_path / "meer")
    magazijn.build(lake)
    return lake


def night(lake: Lake, *statements: str) -> Published:
    with duckdb.connect(str(lake.warehouse_current)) as connection:
        for statement in statements:
            connection.execute(statement)
    made_with = Settings(lake=lake.root)
    build_candidate(lake, made_with)
    return magazijn.publish(lake, made_with)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("update {} set waarde = 10480 where indicator = 'leerplichtigen' and {} and {}", "1 cijfer is anders."),
        ("update {} set waarde = 1 where indicator in ('leerplichtigen', 'incidenten') and {} and {}", "2 cijfers zijn anders."),
        ("delete from {} where indicator = 'leerplichtigen' and {} and {}", "1 cijfer staat er niet meer in."),
        ("delete from {} where {}", "Schooljaar 2024-2025 staat er niet meer in."),
        ("select 1", "Geen enkel cijfer is anders."),
    ],
)
def test_what_changed_is_told_in_one_line(lake: Lake, statement: str, told: str):
    first = night(lake)
    of = ("jaarverslag.kerncijfers", "schooljaar = '2024-2025'", "gemeente_code = '0164'")
    second = night(lake, statement.format(*of))
    assert editions.changed(first.folder, second.folder) == told


def test_what_came_is_told_the_other_way_round(lake: Lake):
    whole = night(lake)
    part = night(lake, "delete from jaarverslag.kerncijfers where schooljaar = '2024-2025'")
    assert editions.changed(part.folder, whole.folder) == "Schooljaar 2024-2025 kwam erbij."


def test_all_releases_up_to_one_are_listed_the_last_first(lake: Lake):
    change = "update jaarverslag.kerncijfers set waarde = {} where indicator = 'leerplichtigen'"
    there = [night(lake, *statements).name for statements in ([], [change.format(10480)], [change.format(10481)])]
    folder = lake.published("intern") / "releases"
    approval.approve(lake, "intern", there[0], door="J. Jansen", omdat="")
    found = editions.of(lake, source.read(folder / there[1]))
    assert [one.release for one in found] == there[1::-1]
    assert [one.status for one in found] == ["voorlopig", "definitief"]
    assert found[1].since is not None and found[1].updated == found[1].since
    assert found[1].changed == editions.FIRST
    assert "anders" in found[0].changed
    assert len(editions.of(lake, source.read(folder / there[2]))) == 3


def test_only_the_last_ones_are_compared(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    for waarde in (10480, 10481, 10482):
        night(lake, f"update jaarverslag.kerncijfers set waarde = {waarde} where indicator = 'leerplichtigen'")
    last = source.read((lake.published("intern") / "current").resolve())
    monkeypatch.setattr(editions, "MOST_COMPARED", 1)
    assert [bool(one.changed) for one in editions.of(lake, last)] == [True, False, True]


def test_of_a_release_that_the_lake_does_not_have_only_itself_is_listed(tmp_path: Path):
    alone = release([figure("leerplichtigen", 30)], [indicator("leerplichtigen", "leerplichtigen")])
    assert [one.release for one in editions.of(Lake(tmp_path / "nergens"), alone)] == [alone.release]


def read(content: bytes) -> "etree._Element":
    return etree.fromstring(content)


def test_the_feed_has_what_atom_requires():
    """RFC 4287, 4.1.1 and 4.1.2: one id, title and updated each; an author; a link of each entry without content; ids that differ."""
    found = read(feed.write([SECOND, FIRST], "openbaar", HERE))
    assert found.tag == f"{{{feed.ATOM}}}feed"
    entries = found.findall("a:entry", ATOM)
    for one in (found, *entries):
        assert [len(one.findall(f"a:{name}", ATOM)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert one.find("a:link[@rel='alternate']", ATOM) is not None
    assert found.findtext("a:author/a:name", namespaces=ATOM) == HERE.name
    assert found.findtext("a:author/a:email", namespaces=ATOM) == "leerplicht@gemeente.example"
    assert len({one.findtext("a:id", namespaces=ATOM) for one in (found, *entries)}) == 3
    order = ["id", "title", "updated", "author", "link", "link", "rights", "entry", "entry"]
    assert [etree.QName(child).localname for child in found] == order


def test_the_feed_says_when_and_where_and_what():
    found = read(feed.write([SECOND, FIRST], "openbaar", HERE))
    told = [
        [entry.findtext(f"a:{name}", namespaces=ATOM) for name in ("id", "title", "published", "updated", "summary")]
        for entry in found.findall("a:entry", ATOM)
    ]
    begin, of, last = "tag:cijfers.gemeente.example,2026:leerplicht/openbaar/", "Cijfers met de stand van", "2025-08-05T23:00:00Z"
    title = f"{of} 6 augustus 2024, definitief"
    assert told == [
        [f"{begin}20250805T230000Z-b", f"{of} 6 augustus 2025, voorlopig", last, last, SECOND.changed],
        [f"{begin}20240805T230000Z-a", title, "2024-08-05T23:00:00Z", "2024-10-01T09:00:00Z", FIRST.changed],
    ]
    assert found.findtext("a:updated", namespaces=ATOM) == "2025-08-05T23:00:00Z"
    assert all(link.get("href").startswith(HERE.address) for link in found.iterfind(".//a:link", ATOM))


def test_without_an_address_the_links_are_relative_and_the_ids_nobodys():
    content = feed.write([SECOND], "openbaar", SENDER)
    assert [link.get("href") for link in read(content).iterfind(".//a:link", ATOM)] == [
        "releases.atom", "releases.html", "releases.html#20250805T230000Z-b",
    ]  # fmt: skip
    assert b"tag:leerplicht.invalid,2026:leerplicht/openbaar/</id>" in content


def test_the_feed_is_the_same_each_time_and_a_name_is_no_markup():
    sender = replace(HERE, name="<b> & zo", contact="https://gemeente.example/vragen")
    content = feed.write([SECOND, FIRST], "openbaar", sender)
    assert content == feed.write([SECOND, FIRST], "openbaar", sender)
    assert read(content).findtext("a:author/a:name", namespaces=ATOM) == "<b> & zo"
    assert read(content).findtext("a:author/a:uri", namespaces=ATOM) == "https://gemeente.example/vragen"
