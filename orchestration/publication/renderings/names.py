"""How codes, sources and dates are named for a Dutch reader, where a release holds only the code.

Put here: from a code of a release to words. Keep out: labels that a release holds itself (`indicatoren`), and how numbers are written
(`weergave.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from orchestration.publication.due import TIMEZONE

SOURCES = {"monitor": "Twentse Onderwijs-Jeugdhulp monitor", "duo": "DUO", "carel": "Carel"}
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
SHORT = {"maart": "mrt"}  # the others are their first three letters
UNKNOWN = {"onbekend": "Onbekend"}
# the same words as the reference tables of the warehouse, of which a release carries only the codes
VALUES: Mapping[str, Mapping[str, str]] = {
    "aanleiding": {
        "spijbelen": "Spijbelen",
        "te_laat": "Te laat komen",
        "problematiek": "(Multi)problematiek",
        "ziekte": "Ziekte",
        "combinatie": "Combinatie",
        "spreekuur": "Spreekuur",
    },
    "soort": {
        "spreekuur": "Preventief spreekuur",
        "verzuimgesprek": "Verzuimgesprek",
        "waarschuwing": "Waarschuwing",
        "mdo": "Multidisciplinair overleg of plan van aanpak",
        "jeugdhulp": "Doorverwijzing jeugdhulp",
        "halt": "Halt-verwijzing",
        "proces_verbaal": "Proces-verbaal",
        "civielrechtelijk": "Civielrechtelijke maatregel",
        "thuiszitterstafel": "Aanmelding Thuiszitterstafel",
        "doorstroompunt": "Overdracht Doorstroompunt",
    },
    "mas_route": {
        "1": "Vrijwillige jeugdhulp",
        "2": "Halt",
        "3": "Dwang in civielrechtelijk kader",
        "4": "Dwang in strafrechtelijk kader",
    },
    "onderwijssoort": {
        "BO": "Basisonderwijs",
        "SBO": "Speciaal basisonderwijs",
        "SO": "Speciaal onderwijs",
        "VO": "Voortgezet onderwijs",
        "VSO": "Voortgezet speciaal onderwijs",
        "PRO": "Praktijkonderwijs",
        "MBO": "Middelbaar beroepsonderwijs",
    },
    "geslacht": {"M": "Jongen", "V": "Meisje", "X": "X"},
}


def value(uitsplitsing: str, code: str) -> str:
    """Name a value of a breakdown; one that has no other name goes by its code."""
    return {**UNKNOWN, **VALUES.get(uitsplitsing, {})}.get(code, code)


def month(number: str) -> str:
    """Name a month of a code such as `2024-09`, by its last part."""
    return MONTHS[int(number) - 1]


def short_month(name: str) -> str:
    """Shorten the name of a month for where there is little room: `mrt`."""
    return SHORT.get(name, name[:3])


def day(moment: date) -> str:
    """Write a date: `1 oktober 2024`."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def day_of(moment: datetime) -> str:
    """Write the date of an instant in the Netherlands."""
    return day(moment.astimezone(TIMEZONE).date())


def listed(words: Sequence[str]) -> str:
    """Write words one after another: `Hengelo, Borne en Regio`."""
    return " en ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def sources(bron: str) -> list[str]:
    """Name the sources of a figure, which a release writes as `duo+monitor`."""
    return [SOURCES.get(one, one) for one in bron.split("+")]


def area(name: str, code: str) -> str:
    """Name an area inside a sentence: `Hengelo`, `de regio`."""
    return "de regio" if code == "regio" else name
