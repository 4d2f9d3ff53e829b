"""Published rows for renderings, without a release, in the form of `renderings.source`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.publication.renderings.sender import Colours, Sender
from orchestration.publication.renderings.source import Source
from orchestration.publication.weergave import weergave

AREAS = {"0164": "Hengelo", "0147": "Borne", "regio": "Regio", "onbekend": "Onbekend"}
SENDER = Sender("Gemeente Hengelo", Colours.of("#154273"), None, None, "https://creativecommons.org/licenses/by/4.0/", None)
NOTHING = dict.fromkeys(
    ("waarde", "percentage", "teller", "noemer", "vorige_waarde", "verschil", "verschil_percentage", "vorig_percentage", "verschil_punten")
)


def figure(
    indicator: str = "incidenten",
    waarde: int | None = None,
    *,
    status: str = "gepubliceerd",
    jaar: str = "2024-2025",
    area: str = "0164",
    vorige: int | None = None,
    percentage: str | None = None,
    punten: str | None = None,
    eenheid: str = "aantal",
    tabel: str = "incidenten",
    **others: Any,
) -> dict[str, Any]:
    """Return a row of `kerncijfers`, with the difference that follows from `vorige`."""
    rate = Decimal(percentage) if percentage is not None else None
    row = NOTHING | {
        "schooljaar": jaar,
        "gemeente_code": area,
        "gemeente": AREAS.get(area, area),
        "tabel": tabel,
        "indicator": indicator,
        "label": indicator,
        "waarde": waarde,
        "percentage": rate,
        "eenheid": "procent" if rate is not None and eenheid == "aantal" else eenheid,
        "status": status,
        "trendbreuk": False,
        "trendbreuk_reden": None,
        "bron": "carel",
        "peildatum": date(int(jaar[:4]), 10, 1) if indicator == "leerplichtigen" else None,
    }
    row["weergave"] = weergave(status, waarde, rate, row["eenheid"], 5)
    if vorige is not None and waarde is not None:
        row |= {"vorige_waarde": vorige, "verschil": waarde - vorige}
        row["verschil_percentage"] = round(Decimal(100 * (waarde - vorige)) / vorige, 1) if vorige else None
    if punten is not None:
        row["verschil_punten"] = Decimal(punten)
    return row | others


def broken_down(uitsplitsing: str, waarde_ervan: str, waarde: int | None = None, **others: Any) -> dict[str, Any]:
    """Return a row of `uitsplitsingen`."""
    named = {"uitsplitsing": uitsplitsing, "uitsplitsing_waarde": waarde_ervan, "uitsplitsing_label": f"Naam van {waarde_ervan}"}
    return figure(waarde=waarde, **{"indicator": "meldingen_totaal", "tabel": "meldingen"} | others) | named


def indicator(name: str = "incidenten", tabel: str = "incidenten", **others: Any) -> dict[str, Any]:
    """Return a row of `indicatoren`."""
    row = {"indicator": name, "tabel": tabel, "label": name, "definitie": f"Wat {name} telt.", "eenheid": "aantal", "bron": "carel"}
    row |= {"naam": f"Naam van {name}", "definitie_kort": f"Kort wat {name} telt.", "zoekwoorden": None, "tegel": None}
    return row | {"openbaar": "exact", "volgorde": 1} | others


def other(indicator: str = "ocw_relatief_per_1000", waarde: str = "27", **others: Any) -> dict[str, Any]:
    """Return a row of `vergelijking`: of the country, and of the calendar year in which 2023-2024 ends."""
    row = {"indicator": indicator, "gebied_soort": "land", "gebied_code": "NL", "bron": "DUO", "peiljaar": "2024"}
    row |= {"schooljaar": "2023-2024", "waarde": Decimal(waarde), "publicatiedatum": "2025-03-01"}
    return row | {"licentie": "CC0 1.0", "vindplaats": "DUO, verzuimcijfers 2024"} | others


def release(
    figures: Sequence[dict[str, Any]],
    indicators: Sequence[dict[str, Any]],
    breakdowns: Sequence[dict[str, Any]] = (),
    zone: str = "openbaar",
    others: Sequence[dict[str, Any]] = (),
) -> Source:
    """Return a release with these rows."""
    tables = {"kerncijfers": figures, "indicatoren": indicators, "uitsplitsingen": breakdowns, "vergelijking": others}
    return Source("20250805T230000Z-abc", zone, "voorlopig", datetime(2025, 8, 5, 23, tzinfo=UTC), Path("nergens"), tables)
