"""Bad and unusual XML files."""

# ruff: noqa: E501 - a case is one line, as in the table of the docs

from collections.abc import Callable

from case import LOADED, REFUSED, WARNED, XML, Case, Landing, Make, melding, number, to_nested_xml, to_xml

UNREADABLE = "bestand_onleesbaar"
ROOT = "LeveringMeldingRelatiefVerzuim"


def xml(change: Callable[[bytes], bytes] = lambda content: content, rijen: int = 1, **values: str) -> Make:
    """Make XML with one good melding, then change its bytes."""

    def make(landing: Landing, name: str) -> None:
        landing.write(name, {XML: change(to_xml([melding(number(name), **values)]))}, rijen=rijen)

    return make


def doctype(subset: str) -> Callable[[bytes], bytes]:
    """Insert a document type before the root, and a reference to its entity."""
    return lambda content: f"<!DOCTYPE {ROOT} {subset}>".encode() + content.replace(b"09TB", b"&a;")


LAUGHS = (
    "[<!ENTITY z 'ha'>" + "".join(f"<!ENTITY {chr(97 + n)} '{f'&{chr(98 + n) if n < 8 else chr(122)};' * 10}'>" for n in range(9)) + "]"
)
PARAMETERS = "[<!ENTITY % a '<!ENTITY b SYSTEM \"file:///etc/hostname\">'> %a;]"

CASES = (
    Case("xml-afgebroken", "afgebroken", REFUSED, UNREADABLE, xml(lambda c: c[:-40]), reden="niet welgevormd, bij regel 2"),
    Case("xml-geen", "geen XML", REFUSED, UNREADABLE, xml(lambda _: b"geen xml"), reden="niet welgevormd"),
    Case("xml-nul-bytes", "een bestand van 0 bytes in een mutatie", REFUSED, UNREADABLE, xml(lambda _: b"", 0)),
    Case("xml-andere-wortel", "een andere wortel", REFUSED, UNREADABLE, xml(lambda _: b"<Levering/>", 0), reden=ROOT),
    Case("xml-wortel-met-bsn", "een wortel die een BSN in zijn naam heeft", REFUSED, UNREADABLE, xml(lambda _: b"<x123456782/>", 0)),
    Case("xml-tekst-erna", "tekst na de wortel", REFUSED, UNREADABLE, xml(lambda c: c + b"rest")),
    Case("xml-dtd", "een DTD", REFUSED, UNREADABLE, xml(doctype("[<!ENTITY a 'b'>]")), reden="DTD"),
    Case("xml-dtd-extern", "een DTD van elders", REFUSED, UNREADABLE, xml(doctype('SYSTEM "file:///etc/hostname"')), reden="DTD"),
    Case("xml-dtd-url", "een DTD van het web", REFUSED, UNREADABLE, xml(doctype('SYSTEM "http://127.0.0.1:9/x.dtd"')), reden="DTD"),
    Case("xml-miljard-lachers", "een entiteit die tot miljarden tekens groeit", REFUSED, UNREADABLE, xml(doctype(LAUGHS))),
    Case("xml-entiteit-van-elders", "een entiteit die een ander bestand leest (XXE)", REFUSED, UNREADABLE, xml(doctype('[<!ENTITY a SYSTEM "file:///etc/hostname">]'))),
    Case("xml-parameterentiteit", "een parameterentiteit", REFUSED, UNREADABLE, xml(doctype(PARAMETERS))),
    Case("xml-entiteit-onbekend", "een entiteit die niet bestaat", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"09TB", b"&a;"))),
    Case("xml-diep", "honderdduizend keer genest", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"</Verzuimgeval>", b"<x>" * 100_000))),
    Case("xml-reuzentekst", "een tekst van 11 MB", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"09TB", b"x" * 11_000_000))),
    Case("xml-nul-byte", "een nul-byte", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"09TB", b"09\0B"))),
    Case("xml-stuurteken", "een stuurteken", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"09TB", b"09\x1bB"))),
    Case("xml-codering", "bytes die geen UTF-8 zijn", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"09TB", b"09\xff\xfe"))),
    Case("xml-codering-onbekend", "een codering die niet bestaat", REFUSED, UNREADABLE, xml(lambda c: b"<?xml version='1.0' encoding='x-klingon'?>" + c)),
    Case("xml-element-twee-keer", "een element staat twee keer in een melding", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"<BRIN>", b"<BRIN>09TB</BRIN><BRIN>")), reden="element BRIN staat twee keer"),
    Case("xml-element-in-element", "een element met elementen erin", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"<BRIN>09TB", b"<BRIN>09<b/>TB")), reden="element BRIN bevat"),
    Case("xml-twee-naamruimten", "hetzelfde element in twee naamruimten", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"<BRIN>", b"<BRIN xmlns='urn:a'>16KN</BRIN><BRIN>")), reden="BRIN"),
    Case("xml-twee-plaatsen", "een element staat op twee plaatsen in een melding, één keer leeg", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"<BRIN>", b"<Leerling><BRIN/></Leerling><BRIN>")), reden="Leerling/BRIN en BRIN"),
    Case("xml-melding-in-melding", "een melding in een melding", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"<BRIN>", b"<Verzuimgeval/><BRIN>")), reden="in een ander Verzuimgeval"),
    Case("xml-ander-record", "geen enkele melding, wel iets anders", REFUSED, UNREADABLE, xml(lambda c: c.replace(b"Verzuimgeval>", b"Verzuim>"), 0), reden="geen enkel element Verzuimgeval, wel Verzuim"),
    Case("xml-zegt-utf16", "UTF-8 die zegt UTF-16 te zijn", REFUSED, UNREADABLE, xml(lambda c: b"<?xml version='1.0' encoding='utf-16'?>" + c), reden="codering utf-16"),
    Case("xml-rijen", "meer meldingen dan levering.json zegt", REFUSED, "rijen_wijken_af", xml(rijen=0)),
    Case("xml-bron-zonder-xml", "XML van een entiteit die zo niet komt", REFUSED, UNREADABLE, lambda landing, name: landing.write(name, {"koppeling.xml": b"<x/>"}, entiteit="koppeling")),
    Case("xml-onbekend-element", "een element dat het contract niet kent, ook herhaald en met inhoud", WARNED, "kolom_onbekend", xml(lambda c: c.replace(b"<BRIN>", b"<Nieuw/><Nieuw><a>1</a></Nieuw><BRIN>"))),
    Case("xml-omhulsel", "de meldingen staan een laag dieper", LOADED, "", xml(lambda c: c.replace(b"\n<Verzuimgeval>", b"<Gevallen><Verzuimgeval>").replace(b"</Lever", b"</Gevallen></Lever"))),
    Case("xml-genest", "de geneste vorm van DUO: een andere wortel, elementen in elementen, en een selectieperiode", LOADED, "", lambda landing, name: landing.write(name, {XML: to_nested_xml([melding(number(name))])})),
    Case("xml-naamruimte", "een naamruimte en een voorvoegsel", LOADED, "", xml(lambda c: c.replace(b"<", b"<d:").replace(b"<d:/", b"</d:").replace(b'xmlns=""', b'xmlns:d="urn:x"'))),
    Case("xml-commentaar", "commentaar en CDATA binnen een waarde", LOADED, "", xml(lambda c: c.replace(b">09TB<", b"><!-- x -->09<![CDATA[TB]]><"))),
    Case("xml-decimale-punt", "een decimale punt", LOADED, "", xml(UREN="16.5")),
    Case("xml-utf16", "UTF-16 met een declaratie", LOADED, "", xml(lambda c: b"\xff\xfe" + ("<?xml version='1.0' encoding='UTF-16'?>" + c.decode()).encode("utf-16-le"))),
)  # fmt: skip
