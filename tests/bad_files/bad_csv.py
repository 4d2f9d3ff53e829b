"""Bad and unusual CSV files."""

# ruff: noqa: E501 - a case is one line, as in the table of the docs

from case import CSV, LOADED, REFUSED, WARNED, Case, Landing, csv, melding, number, person, table, to_csv

UNREADABLE = "bestand_onleesbaar"


def quoted(landing: Landing, name: str) -> None:
    rows = [melding(number(name), TOELICHTING='"een ; en ""dit""\r\nen een regel"'), melding(number(name) + 1)]
    landing.meldingen(name, rows)


def lines_counted(landing: Landing, name: str) -> None:
    content = to_csv([melding(number(name), TOELICHTING='"drie\nregels\nlang"')])
    landing.write(name, {CSV: content}, rijen=3)


def reversed_columns(landing: Landing, name: str) -> None:
    lines = [line.split(";")[::-1] for line in to_csv([melding(number(name))]).decode().splitlines()]
    landing.write(name, {CSV: "\n".join(";".join(line) for line in lines).encode()})


def spaces(landing: Landing, name: str) -> None:
    given = melding(number(name))
    padded = {f" {name} ": f" {value} " for name, value in given.items()}
    landing.write(name, {CSV: to_csv([padded])})


def only_required(landing: Landing, name: str) -> None:
    optional = ("ONDERWIJSNUMMER", "VESTIGING", "UREN", "AANLEIDING", "REDEN_AFGESLOTEN", "TOELICHTING")
    landing.meldingen(name, [{key: value for key, value in melding(number(name)).items() if key not in optional}])


def latin(landing: Landing, name: str) -> None:
    landing.write(name, {CSV: to_csv([melding(number(name), TOELICHTING="één €")], "cp1252", "\r\n")})


HUGE = b"x" * (20 << 20)

CASES = (
    Case("rijen-te-veel", "meer rijen dan levering.json zegt", REFUSED, "rijen_wijken_af", csv(lambda c: c + c.splitlines()[1].replace(b"M", b"N") + b"\n")),
    Case("rijen-te-weinig", "minder rijen dan levering.json zegt", REFUSED, "rijen_wijken_af", csv(rijen=2), reden=f"{CSV} heeft 1 records, volgens levering.json 2"),
    Case("rijen-regels-geteld", "levering.json telt regels in plaats van records", REFUSED, "rijen_wijken_af", lines_counted),
    Case("kolom-weg", "een verplichte kolom ontbreekt", REFUSED, "kolom_ontbreekt", csv(lambda c: c.replace(b"BRIN", b"SCHOOL")), reden=f"{CSV}: kolom BRIN ontbreekt"),
    Case("kolom-kleine-letters", "de kopregel is in kleine letters", REFUSED, "kolom_ontbreekt", csv(lambda c: c.replace(b"BRIN", b"brin"))),
    Case("csv-zonder-kopregel", "er is geen kopregel", REFUSED, "kolom_ontbreekt", csv(lambda c: c.split(b"\n", 1)[1], 0), reden="waarvan 0 in het contract: x9"),
    Case("csv-komma", "gescheiden door komma's", REFUSED, "kolom_ontbreekt", csv(lambda c: c.replace(b";", b",")), reden="regel 1 past bij een komma"),
    Case("csv-nul-bytes", "een bestand van 0 bytes in een mutatie", REFUSED, UNREADABLE, csv(lambda _: b"", 0), reden="is leeg"),
    Case("csv-tab", "gescheiden door tabs", REFUSED, "kolom_ontbreekt", csv(lambda c: c.replace(b";", b"\t")), reden="regel 1 past bij een tab als scheidingsteken"),
    Case("csv-titel-boven", "een titel boven de kopregel", REFUSED, "kolom_ontbreekt", csv(lambda c: b"Verzuim maart\n" + c, 2), reden="de kopregel staat op regel 2"),
    Case("csv-sep-anders", "sep=, op regel 1, en komma's", REFUSED, "kolom_ontbreekt", csv(lambda c: b"sep=,\n" + c.replace(b";", b",")), reden="regel 1 zegt dat het scheidingsteken komma is"),
    Case("csv-kolom-twee-keer", "een kolom staat er twee keer in", REFUSED, UNREADABLE, csv(lambda c: c.replace(b"AANLEIDING", b"BRIN")), reden="kolom BRIN staat er twee keer in"),
    Case("csv-nul-byte", "een nul-byte", REFUSED, UNREADABLE, csv(lambda c: c + b"\0"), reden="nul-byte"),
    Case("csv-utf16", "UTF-16", REFUSED, UNREADABLE, csv(lambda c: c.decode().encode("utf-16"))),
    Case("csv-codering-duo", "bytes die UTF-8 noch cp1252 zijn", REFUSED, UNREADABLE, csv(lambda c: c + b"\x81\xff"), reden="codering"),
    Case("csv-codering-monitor", "de monitor in cp1252", REFUSED, UNREADABLE, table("monitor", "jongere", "jongeren.csv", person(), person(GESLACHT="é"), encoding="cp1252"), "monitor", reden="codering"),
    Case("csv-aanhalingsteken-open", "een aanhalingsteken dat niet sluit", REFUSED, UNREADABLE, csv(lambda c: c.rstrip(b"\n") + b'"open\n'), reden="in het record na dat van regel 1 sluit een aanhalingsteken niet of te vroeg"),
    Case("csv-aanhalingsteken-vroeg", "tekst na een sluitend aanhalingsteken", REFUSED, UNREADABLE, csv(lambda c: c.replace(b";R;", b';"R"R;')), reden="een aanhalingsteken"),
    Case("csv-te-weinig-velden", "een regel met te weinig velden", REFUSED, UNREADABLE, csv(lambda c: c + b"M9;2025-03-01\n"), reden="regel 3 heeft 2 velden, de kopregel 16"),
    Case("csv-te-veel-velden", "een regel met te veel velden", REFUSED, UNREADABLE, csv(lambda c: c.rstrip(b"\n") + b";;\n"), reden="regel 2 heeft 18 velden"),
    Case("csv-afgebroken", "afgebroken midden in een record", REFUSED, UNREADABLE, csv(lambda c: c[:-30])),
    Case("csv-reuzenveld", "een veld van 20 MB", REFUSED, UNREADABLE, csv(lambda c: c.rstrip(b"\n") + HUGE + b"\n"), reden="langer dan 8 MB"),
    Case("csv-reuzenkop", "een kopregel van 20 MB", REFUSED, UNREADABLE, csv(lambda c: HUGE + c), reden="kopregel"),
    Case("csv-is-zip", "een zip die .csv heet", REFUSED, UNREADABLE, csv(lambda c: b"PK\x03\x04" + c), reden="geen CSV"),
    Case("csv-is-xml", "XML die .csv heet", REFUSED, UNREADABLE, csv(lambda _: b"<?xml version='1.0'?><a/>"), reden="is XML"),
    Case("csv-is-pdf", "een PDF die .csv heet", REFUSED, UNREADABLE, csv(lambda _: b"%PDF-1.7\n%"), reden="PDF"),
    Case("csv-is-xls", "een oude werkmap die .csv heet", REFUSED, UNREADABLE, csv(lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), reden=".xls"),
    Case("csv-met-blad", "een blad bij een CSV", REFUSED, UNREADABLE, csv(blad={CSV: "Blad1"}), reden="bladen"),
    Case("csv-andere-extensie", "een CSV die .txt heet", REFUSED, UNREADABLE, csv(naam="verzuimmeldingen.txt"), reden="wordt gelezen uit"),
    Case("csv-onbekende-kolom", "een kolom die het contract niet kent", WARNED, "kolom_onbekend", csv(lambda c: c.replace(b"TOELICHTING", b"NIEUW"))),
    Case("csv-bom", "UTF-8 met BOM", LOADED, "", csv(lambda c: b"\xef\xbb\xbf" + c)),
    Case("csv-cp1252-crlf", "cp1252 met CRLF", LOADED, "", latin),
    Case("csv-cr", "regels die op een kaal CR eindigen", LOADED, "", csv(lambda c: c.replace(b"\n", b"\r"))),
    Case("csv-aanhalingstekens", "een ;, een aanhalingsteken en een regeleinde binnen aanhalingstekens", LOADED, "", quoted),
    Case("csv-lege-regels", "lege regels voor, tussen en na de records", LOADED, "", csv(lambda c: b"\n" + c.replace(b"\n", b"\n\n\r\n"))),
    Case("csv-lege-records", "records waarin elk vak leeg is, ook met te weinig vakken", LOADED, "", csv(lambda c: b";;\n" + c + b";;;;;;;;;;;;;;;\n ; ;\n")),
    Case("csv-sep", "sep=; op regel 1", LOADED, "", csv(lambda c: b"sep=;\r\n" + c)),
    Case("csv-volgorde", "kolommen in een andere volgorde", LOADED, "", reversed_columns),
    Case("csv-spaties", "spaties om namen en waarden", LOADED, "", spaces),
    Case("csv-alleen-verplicht", "alleen de verplichte kolommen", LOADED, "", only_required),
    Case("csv-lange-toelichting", "een toelichting van 1 MB", LOADED, "", csv(lambda c: c.rstrip(b"\n") + b"x" * (1 << 20) + b"\n")),
)  # fmt: skip
