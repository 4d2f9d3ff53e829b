"""Bad and unusual manifests and folders."""

# ruff: noqa: E501 - a case is one line, as in the table of the docs

import json
from collections.abc import Callable
from typing import Any

from case import CSV, LOADED, REFUSED, REPEATED, WAITS, Case, Landing, Make, csv, melding, number, to_csv

WRONG, UNREADABLE = "manifest_ongeldig", "bestand_onleesbaar"
LATER = "2025-03-04T02:00:00+01:00"


def manifest(change: Callable[[dict[str, Any]], Any]) -> Make:
    """Make a good delivery with a changed manifest."""

    def make(landing: Landing, name: str) -> None:
        path = csv()(landing, name) / "levering.json"
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    return make


def field(**values: Any) -> Make:
    """Make a good delivery with other fields in its manifest."""
    return manifest(lambda content: content.update(values))


def listed(**values: Any) -> Make:
    """Make a good delivery with other fields of its file in the manifest."""
    return manifest(lambda content: content["bestanden"][0].update(values))


def raw(content: bytes) -> Make:
    """Make a good delivery with a manifest of these bytes."""
    return lambda landing, name: (csv()(landing, name) / "levering.json").write_bytes(content)


def doubled(name: str) -> Make:
    """Make a good delivery with a manifest that has a field twice, with the same value."""

    def make(landing: Landing, levering: str) -> None:
        path = csv()(landing, levering) / "levering.json"
        content = path.read_text()
        path.write_text(content.replace("{", f'{{"{name}": {json.dumps(json.loads(content)[name])}, ', 1))

    return make


def linked(what: str) -> Make:
    """Make a good delivery, and replace a file by a link to it."""

    def make(landing: Landing, name: str) -> None:
        path = csv()(landing, name) / what
        elsewhere = landing.root / f"elders-{name}"
        path.rename(elsewhere)
        path.symlink_to(elsewhere)

    return make


def linked_folder(landing: Landing, name: str) -> None:
    folder = csv()(landing, name)
    folder.rename(landing.root / f"elders-{name}")
    folder.symlink_to(landing.root / f"elders-{name}")


def named(folder: str) -> Make:
    """Make a good delivery in a folder with another name."""
    return lambda landing, name: csv()(landing, name).rename(landing.lake.landing / "duo" / folder)


def unlisted(name_of_file: str, *, folder: bool = False) -> Make:
    """Make a good delivery with an unlisted file or folder."""

    def make(landing: Landing, name: str) -> None:
        path = csv()(landing, name) / name_of_file
        path.mkdir() if folder else path.write_bytes(b"x")

    return make


def replaced(content: bytes | None, *, folder: bool = False) -> Make:
    """Make a good delivery, and replace its file by other bytes, by nothing or by a folder."""

    def make(landing: Landing, name: str) -> None:
        path = csv()(landing, name) / CSV
        if content is not None:
            path.write_bytes(content)
            return
        path.unlink()
        if folder:
            path.mkdir()

    return make


def unfinished(landing: Landing, name: str) -> None:
    (csv()(landing, name) / "levering.json").unlink()


def register(rows: int, first: int, **manifest: Any) -> Make:
    """Make a full register of absoluut verzuim."""

    def make(landing: Landing, name: str) -> None:
        signals = [
            {"SIGNAALNUMMER": str(first + n), "DATUM_LAATSTE_MUTATIE": "2025-03-01", "BSN": "123456782", "DATUM_BEGIN": "2025-02-01", "STATUS": "open"}
            for n in range(rows)
        ]  # fmt: skip
        landing.write(name, {"absoluut_verzuim.csv": to_csv(signals)}, entiteit="absoluut_verzuim", rijen=rows, aard="volledig", **manifest)

    return make


def same_name_before(landing: Landing, name: str) -> None:
    landing.meldingen(name, [melding(number(name) + 1)])


def same_content(landing: Landing, name: str) -> None:
    landing.meldingen(name, [melding(77_777)])


def empty(landing: Landing, name: str) -> None:
    landing.write(name, {CSV: to_csv([])}, rijen=0, aard="volledig")


CASES = (
    Case("manifest-geen-json", "levering.json is afgebroken", REFUSED, WRONG, raw(b'{"bron": "duo"')),
    Case("manifest-twee-keer", "levering.json heeft een veld twee keer", REFUSED, WRONG, doubled("aard")),
    Case("manifest-leeg", "levering.json heeft geen bytes", REFUSED, WRONG, raw(b"")),
    Case("manifest-lijst", "levering.json is een lijst", REFUSED, WRONG, raw(b"[]")),
    Case("manifest-diep", "levering.json is honderdduizend keer genest", REFUSED, WRONG, raw(b"[" * 100_000)),
    Case("manifest-utf16", "levering.json is UTF-16", REFUSED, WRONG, raw('{"bron": "duo"}'.encode("utf-16"))),
    Case("manifest-groot", "levering.json is groter dan 10 MB", REFUSED, WRONG, raw(b" " * 10_000_001)),
    Case("manifest-verwijzing", "levering.json is een verwijzing", REFUSED, WRONG, linked("levering.json")),
    Case("map-verwijzing", "de map is een verwijzing", REFUSED, WRONG, linked_folder),
    Case("bron-onbekend", "een bron die niet bestaat", REFUSED, WRONG, field(bron="duox"), reden="bron is geen bekende bron"),
    Case("bron-anders", "een andere bron dan die van de map", REFUSED, WRONG, field(bron="carel")),
    Case("aard-onbekend", "een aard die niet bestaat", REFUSED, WRONG, field(aard="half"), reden="aard"),
    Case("naam-wijkt-af", "een andere naam dan die van de map", REFUSED, WRONG, field(levering="anders")),
    Case("kennisdatum-zonder-zone", "een kennisdatum zonder tijdzone", REFUSED, WRONG, field(kennisdatum="2025-03-03T02:00:00")),
    Case("kennisdatum-geen-datum", "een kennisdatum die geen tijdstip is", REFUSED, WRONG, field(kennisdatum="morgen")),
    Case("kennisdatum-jaar-1", "een kennisdatum in het jaar 1", REFUSED, WRONG, field(kennisdatum="0001-01-01T00:00:00+01:00")),
    Case("kennisdatum-jaar-9999", "een kennisdatum in het jaar 9999", REFUSED, WRONG, field(kennisdatum="9999-12-31T23:59:59-01:00")),
    Case("kennisdatum-toekomst", "een kennisdatum in het jaar 2099", REFUSED, "kennisdatum_in_toekomst", field(kennisdatum="2099-03-03T02:00:00+01:00"), reden="ligt in de toekomst"),
    Case("kennisdatum-getal", "een kennisdatum die een getal is", REFUSED, WRONG, field(kennisdatum=1), reden="kennisdatum heeft niet de afgesproken vorm"),
    Case("kennisdatum-half-teken", "een kennisdatum met een half Unicode-teken", REFUSED, WRONG, field(kennisdatum="2025-03-03\ud80002:00:00+01:00")),
    Case("entiteit-onbekend", "een entiteit die de bron niet heeft", REFUSED, WRONG, listed(entiteit="melding")),
    Case("bestanden-geen-lijst", "bestanden is geen lijst", REFUSED, WRONG, field(bestanden={"naam": CSV})),
    Case("bestand-zonder-velden", "een bestand zonder velden", REFUSED, WRONG, field(bestanden=[{}]), reden="bestanden[1].naam ontbreekt"),
    Case("bestand-twee-keer", "een bestand staat er twee keer in", REFUSED, WRONG, manifest(lambda content: content["bestanden"].extend(content["bestanden"]))),
    Case("bestanden-te-veel", "meer dan duizend bestanden", REFUSED, WRONG, manifest(lambda content: content["bestanden"].extend([{}] * 1000)), reden="bestanden zijn er meer dan 1.000"),
    Case("sha256-geen-hash", "een sha256 van 10 tekens", REFUSED, WRONG, listed(sha256="0123456789")),
    Case("rijen-negatief", "een negatief aantal rijen", REFUSED, WRONG, listed(rijen=-1)),
    Case("rijen-boven-grens", "een aantal rijen van meer dan een miljard", REFUSED, WRONG, listed(rijen=10**30), reden="bestanden[1].rijen heeft niet"),
    Case("rijen-als-tekst", "het aantal rijen als tekst", REFUSED, WRONG, listed(rijen="1")),
    Case("rijen-als-breuk", "het aantal rijen als breuk", REFUSED, WRONG, listed(rijen=1.5)),
    Case("naam-omhoog", "een bestandsnaam met ../", REFUSED, WRONG, listed(naam="../../carel/x.csv")),
    Case("naam-absoluut", "een bestandsnaam die bij / begint", REFUSED, WRONG, listed(naam="/etc/passwd")),
    Case("naam-backslash", "een bestandsnaam met een backslash", REFUSED, WRONG, listed(naam="..\\x.csv")),
    Case("naam-richting", "een bestandsnaam met een richtingteken (bidi)", REFUSED, WRONG, listed(naam="verzuim\u202egnp.csv")),
    Case("naam-stuurteken", "een bestandsnaam met een regeleinde", REFUSED, WRONG, listed(naam="a\nb.csv")),
    Case("naam-verborgen", "een bestandsnaam die met een punt begint", REFUSED, WRONG, listed(naam=".x.csv")),
    Case("naam-manifest", "levering.json noemt zichzelf", REFUSED, WRONG, listed(naam="levering.json")),
    Case("naam-te-lang", "een bestandsnaam van 400 bytes", REFUSED, WRONG, listed(naam="é" * 196 + ".csv")),
    Case("blad-stuurteken", "een blad met een stuurteken", REFUSED, WRONG, listed(blad="Blad\x1b[2J")),
    Case("blad-half-teken", "een blad met een half Unicode-teken", REFUSED, WRONG, listed(blad="\ud800")),
    Case("map-met-stuurteken", "een mapnaam met een regeleinde", REFUSED, WRONG, named("een\nmap"), levering="een_map~0"),
    Case("map-met-richting", "een mapnaam met een richtingteken (bidi)", REFUSED, WRONG, named("a\u202eb"), levering="a_b~0"),
    Case("map-met-bsn", "een mapnaam met spaties en negen cijfers", REFUSED, WRONG, named("van 123456782"), levering="van~0"),
    Case("map-is-bsn", "een mapnaam die een BSN is", REFUSED, WRONG, named("123456782"), levering="_negen_cijfers_~0", reden="BSN"),
    Case("naam-is-bsn", "een bestandsnaam met een BSN", REFUSED, WRONG, listed(naam="123456782.csv"), reden="BSN"),
    Case("blad-is-bsn", "een blad dat naar een BSN heet", REFUSED, WRONG, listed(blad="van 123456782"), reden="BSN"),
    Case("hash-anders", "een bestand is na het manifest veranderd", REFUSED, "hash_wijkt_af", replaced(b"anders"), reden=f"{CSV} heeft niet de sha256 van levering.json"),
    Case("hash-afgebroken", "een bestand is bij het overzenden afgebroken", REFUSED, "hash_wijkt_af", replaced(to_csv([melding(1)])[:-30])),
    Case("bestand-weg", "een bestand uit levering.json ontbreekt", REFUSED, "bestand_ontbreekt", replaced(None), reden=f"{CSV} staat niet in de map"),
    Case("bestand-is-map", "op de plaats van een bestand staat een map", REFUSED, UNREADABLE, replaced(None, folder=True)),
    Case("bestand-verwijzing", "een bestand is een verwijzing", REFUSED, UNREADABLE, linked(CSV), reden="verwijzing"),
    Case("bestand-te-veel", "een bestand staat niet in levering.json", REFUSED, "bestand_niet_in_manifest", unlisted("extra.csv"), reden="extra.csv staat niet in levering.json"),
    Case("bestand-te-veel-bsn", "zo'n bestand heet naar een BSN", REFUSED, "bestand_niet_in_manifest", unlisted("123456782.csv"), reden="[negen cijfers]"),
    Case("bestand-te-veel-richting", "zo'n bestand heeft een richtingteken (bidi) in zijn naam", REFUSED, "bestand_niet_in_manifest", unlisted("x\u202eb.csv"), reden="x�b.csv"),
    Case("map-te-veel", "een map staat niet in levering.json", REFUSED, "bestand_niet_in_manifest", unlisted("kopie", folder=True)),
    Case("verborgen-bestand", "een bestand met een punt vooraan: bestaat niet", LOADED, "", unlisted(".DS_Store")),
    Case("leeg-volledig", "een volledige levering zonder rijen", REFUSED, "levering_leeg", empty),
    Case("leeg-nul-bytes", "een volledige levering met een bestand van 0 bytes", REFUSED, "levering_leeg", csv(lambda _: b"", 0, aard="volledig")),
    Case("leeg-xml-nul-bytes", "een volledige levering met XML van 0 bytes", REFUSED, "levering_leeg", csv(lambda _: b"", 0, "a.xml", aard="volledig")),
    Case("leeg-zonder-bestanden", "een volledige levering zonder bestanden", REFUSED, "levering_leeg", lambda landing, name: landing.write(name, {}, aard="volledig")),
    Case("leeg-mutatie", "een mutatie zonder rijen", LOADED, "", lambda landing, name: landing.write(name, {CSV: to_csv([])}, rijen=0)),
    Case("volume-gedaald", "een volledige levering met 9 rijen na een met 20", REFUSED, "volume_gedaald", register(9, 100, kennisdatum=LATER), before=lambda landing, _: register(20, 500)(landing, "volume-eerst")),
    Case("naam-hergebruikt", "onder deze naam kwam eerder iets anders", REFUSED, "naam_hergebruikt", csv(), before=same_name_before),
    Case("herhaald", "dezelfde levering onder een andere naam", REPEATED, "", same_content, before=lambda landing, _: same_content(landing, "herhaald-eerst")),
    Case("geen-manifest", "een map zonder levering.json", WAITS, "", unfinished),
)  # fmt: skip
