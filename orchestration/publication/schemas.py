"""The Arrow schema of every published table, declared by hand: names, types, order, and for each column a Dutch description and its unit.

The contract `expectations/contracts/publicatie.odcs.yaml` says the same to the outside; a test holds the two together. Put here: what a
file looks like. Keep out: filling one.
"""

import hashlib
import json
from typing import Any

import pyarrow as pa

TEXT = pa.string()
COUNT = pa.int64()
RATE = pa.decimal128(9, 2)
SHARE = pa.decimal128(9, 1)
DIFFERENCE = pa.decimal128(12, 2)


def _field(name: str, kind: pa.DataType, description: str, *, null: bool = False, eenheid: str = "") -> "pa.Field[Any]":
    metadata = {"description": description} | ({"eenheid": eenheid} if eenheid else {})
    return pa.field(name, kind, nullable=null, metadata=metadata)


KERNCIJFERS = pa.schema(
    [
        _field("schooljaar", TEXT, "Schooljaar, van 1 augustus tot en met 31 juli, geschreven als 2024-2025."),
        _field(
            "gemeente_code", TEXT, "Gemeentecode van vier cijfers; regio voor de bediende gemeenten samen; onbekend zonder woongemeente."
        ),
        _field("gemeente", TEXT, "Naam van de gemeente of het gebied."),
        _field("tabel", TEXT, "Tabel van het jaarverslag waarin het cijfer staat."),
        _field("indicator", TEXT, "Code van de indicator; de definitie staat in indicatoren.parquet."),
        _field("label", TEXT, "Naam van de indicator zoals het jaarverslag die drukt."),
        _field(
            "waarde",
            COUNT,
            "Het aantal, of waarop het is afgerond (zie status); leeg bij een percentage en als er geen cijfer is.",
            null=True,
            eenheid="zie eenheid",
        ),
        _field("percentage", RATE, "Het percentage, de verhouding of de mediaan; leeg bij een aantal.", null=True, eenheid="zie eenheid"),
        _field("teller", COUNT, "Teller van het percentage.", null=True, eenheid="aantal"),
        _field("noemer", COUNT, "Noemer van het percentage.", null=True, eenheid="aantal"),
        _field("eenheid", TEXT, "Eenheid: jongeren, meldingen, aantal, procent, per_1000 of dagen."),
        _field(
            "status",
            TEXT,
            "Of het cijfer er is: gepubliceerd, afgerond, onderdrukt (ook _primair of _secundair), niet_beschikbaar, niet_van_toepassing.",
        ),
        _field("weergave", TEXT, "Wat een rapport drukt: 10.478, 5,95%, <5, x, ca. 15, . (niet beschikbaar) of - (niet van toepassing)."),
        _field("vorige_waarde", COUNT, "Het aantal van het vorige schooljaar.", null=True, eenheid="zie eenheid"),
        _field("verschil", COUNT, "Het aantal min dat van het vorige schooljaar.", null=True, eenheid="zie eenheid"),
        _field("verschil_percentage", SHARE, "Het verschil als percentage van het vorige aantal.", null=True, eenheid="procent"),
        _field("vorig_percentage", RATE, "Het percentage van het vorige schooljaar.", null=True, eenheid="zie eenheid"),
        _field("verschil_punten", RATE, "Het percentage min dat van het vorige schooljaar.", null=True, eenheid="punten"),
        _field(
            "trendbreuk", pa.bool_(), "Of tussen dit en het vorige schooljaar de registratie veranderde: vergelijk dan niet zonder meer."
        ),
        _field("bron", TEXT, "Waar het cijfer vandaan komt: monitor, duo, carel, of meer met een plusteken ertussen."),
        _field("peildatum", pa.date32(), "Dag waarop is geteld; leeg als over het hele schooljaar is geteld.", null=True),
    ],
    metadata={"description": "De cijfers van het jaarverslag: één rij per schooljaar, gemeente en indicator."},
)

_AFTER_LABEL = KERNCIJFERS.get_field_index("label") + 1
UITSPLITSINGEN = pa.schema(
    [
        *list(KERNCIJFERS)[:_AFTER_LABEL],
        _field(
            "uitsplitsing",
            TEXT,
            "Waarnaar is uitgesplitst: onderwijssoort, leeftijd, geslacht, aanleiding, maand, school, wijk, soort of mas_route.",
        ),
        _field("uitsplitsing_waarde", TEXT, "De waarde daarvan; wat leeg is, is onbekend."),
        *list(KERNCIJFERS)[_AFTER_LABEL:],
    ],
    metadata={"description": "De cijfers uitgesplitst: één rij per schooljaar, gemeente, indicator, uitsplitsing en waarde daarvan."},
)

INDICATOREN = pa.schema(
    [
        _field("indicator", TEXT, "Code van de indicator."),
        _field("label", TEXT, "Naam zoals het jaarverslag die drukt."),
        _field("tabel", TEXT, "Tabel van het jaarverslag."),
        _field("definitie", TEXT, "Wat er precies wordt geteld."),
        _field("eenheid", TEXT, "Eenheid van het cijfer."),
        _field("teller", TEXT, "Bij een percentage: de indicator die de teller is.", null=True),
        _field("noemer", TEXT, "Bij een percentage: de indicator die de noemer is.", null=True),
        _field("factor", COUNT, "Waarmee teller gedeeld door noemer wordt vermenigvuldigd: 100 of 1000; leeg bij een aantal.", null=True),
        _field("afronding", TEXT, "Hoe wordt afgerond; leeg bij een aantal.", null=True),
        _field("bron", TEXT, "Waar het cijfer vandaan komt."),
        _field("volgorde", COUNT, "Volgorde in het jaarverslag."),
    ],
    metadata={"description": "Het woordenboek: één rij per indicator."},
)

RECONCILIATIE = pa.schema(
    [
        _field("soort", TEXT, "cel: een gedrukt cijfer naast het onze; fout: een fout binnen het gedrukte verslag."),
        _field("document", TEXT, "Het document, of de documenten, waarin het is gedrukt."),
        _field("tabel", TEXT, "Tabel van het jaarverslag."),
        _field("indicator", TEXT, "Code van de indicator."),
        _field("label", TEXT, "Naam zoals die is gedrukt."),
        _field("gemeente", TEXT, "Gemeente of gebied zoals gedrukt."),
        _field("schooljaar", TEXT, "Schooljaar."),
        _field("gepubliceerd", TEXT, "Het cijfer zoals gedrukt."),
        _field("waarde_eigen", COUNT, "Ons aantal.", null=True, eenheid="zie eenheid van de indicator"),
        _field("percentage_eigen", RATE, "Ons percentage.", null=True, eenheid="zie eenheid van de indicator"),
        _field("weergave_eigen", TEXT, "Ons cijfer zoals een rapport het drukt.", null=True),
        _field(
            "verschil",
            DIFFERENCE,
            "cel: ons cijfer min het gedrukte, bij <5 tot het dichtstbijzijnde toegestane; fout: hoeveel de gedrukte cijfers schelen.",
            null=True,
            eenheid="zie eenheid van de indicator",
        ),
        _field("oordeel", TEXT, "cel: gelijk, binnen_onderdrukking, wijkt_af, niet_berekend; fout: welke soort fout."),
        _field("toelichting", TEXT, "Uitleg in een zin."),
    ],
    metadata={"description": "Het gedrukte verslag: één rij per gedrukt cijfer met ons oordeel, en één per fout binnen het verslag."},
)

KWALITEIT = pa.schema(
    [
        _field("bron", TEXT, "De bron."),
        _field("levering", TEXT, "Naam van de levering."),
        _field("entiteit", TEXT, "Soort record."),
        _field("ernst", TEXT, "gelezen, geladen, herhaald, afgewezen of waarschuwing; gelezen = geladen + herhaald + afgewezen."),
        _field("code", TEXT, "Reden van de afwijzing of waarschuwing; leeg bij gelezen, geladen en herhaald."),
        _field("aantal", COUNT, "Aantal rijen.", eenheid="rijen"),
    ],
    metadata={"description": "De kwaliteit van wat is geleverd: één rij per levering, entiteit, ernst en code."},
)

POORTEN = pa.schema(
    [
        _field("poort", TEXT, "bronnen, warehouse, publicatie of openbaar."),
        _field("verwachting", TEXT, "Wat werd verwacht."),
        _field("kolom", TEXT, "De tabel, en na een punt de kolom of kolommen, waarvan het werd verwacht."),
        _field("ernst", TEXT, "critical houdt de publicatie tegen; warning niet."),
        _field("geslaagd", pa.bool_(), "Of het zo was."),
        _field("gezien", COUNT, "Aantal rijen dat is bekeken.", eenheid="rijen"),
        _field("afwijkend", COUNT, "Aantal rijen dat afweek.", eenheid="rijen"),
    ],
    metadata={"description": "De poorten: één rij per verwachting die is beoordeeld."},
)

LEVERINGEN = pa.schema(
    [
        _field("bron", TEXT, "De bron."),
        _field("levering", TEXT, "Naam van de levering."),
        _field("kennisdatum", TEXT, "Wanneer de bron haar maakte, met tijdzone; leeg als dat niet te lezen was.", null=True),
        _field("aard", TEXT, "volledig of mutatie; leeg als dat niet te lezen was.", null=True),
        _field("oordeel", TEXT, "geaccepteerd, geweigerd of herhaald."),
        _field("code", TEXT, "Reden van de weigering; leeg zonder.", null=True),
        _field("reden", TEXT, "Reden van de weigering in een zin; leeg zonder.", null=True),
        _field("bestanden", COUNT, "Aantal bestanden.", eenheid="bestanden"),
        _field("rijen", COUNT, "Aantal rijen volgens het manifest van de levering.", null=True, eenheid="rijen"),
        _field("sha256", TEXT, "Hash over wat is geleverd."),
    ],
    metadata={"description": "De leveringen achter deze release: één rij per levering die ooit is gezien."},
)

CANDIDATE: dict[str, pa.Schema] = {
    "kerncijfers": KERNCIJFERS,
    "uitsplitsingen": UITSPLITSINGEN,
    "indicatoren": INDICATOREN,
    "reconciliatie": RECONCILIATIE,
    "kwaliteit": KWALITEIT,
    "leveringen": LEVERINGEN,
}
RELEASE: dict[str, pa.Schema] = {**CANDIDATE, "poorten": POORTEN}


def fingerprint(schema: pa.Schema) -> str:
    """The SHA-256 of names, types and nullability, in order: another one means that a reader must look."""
    said = [[field.name, str(field.type), field.nullable] for field in schema]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
