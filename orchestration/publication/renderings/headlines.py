"""Selects what a release says first of an area: its key figures, what changed most, and which figures are counted otherwise than before.

Every number is one that the release shows. A direction is only told if rounding cannot have made it, and a trendbreuk stands beside every
comparison over it. Put here: which figures, in which order, and their sentence. Keep out: laying them out, and the tables
(`report_tables.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from expectations import reference
from orchestration.publication import report_tables
from orchestration.publication.extract import REGIO, Row
from orchestration.publication.manifest import TIMEZONE
from orchestration.publication.renderings import changes, message
from orchestration.publication.renderings.precision import is_about
from orchestration.publication.renderings.sentences import amount, then_of
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import Area, has_figure
from orchestration.publication.weergave import DECIMALS, count, decimal

YEARS = 5  # of a small chart
MOST = 5  # changes
LEAST = 5  # jongeren, meldingen or others more or fewer: less is chance as easily
SIGNS: Mapping[int | None, str] = {1: "▲", -1: "▼", 0: "=", None: "≈"}
OF_COUNT: Mapping[int | None, str] = {1: "meer", -1: "minder", 0: "evenveel", None: "verschil niet zeker"}
OF_RATE: Mapping[int | None, str] = {**OF_COUNT, 1: "hoger", -1: "lager", 0: "gelijk"}
BY_ROUNDING = "Het verschil kan door het afronden komen."
WITHHELD = {
    "onderdrukt_primair": "Dit aantal is klein. We noemen het niet, om jongeren te beschermen.",
    "onderdrukt_secundair": "We noemen dit cijfer niet, omdat anders een klein aantal te berekenen is.",
    "niet_beschikbaar": "Over dit schooljaar is er geen cijfer: de bron is er niet.",
    "niet_van_toepassing": "Dit cijfer is hier niet van toepassing.",
}


@dataclass(frozen=True)
class Headline:
    """One figure of an area, with what may be said of its change.

    Args:
        indicator: Its row in the dictionary.
        row: The published row.
        earlier: That of the schooljaar before; None if the release does not have it.
        past: The published rows of the last schooljaren, earliest first, this one last.
        direction: 1 if it certainly rose, -1 if it fell, 0 if it is the same; None if that cannot be said.
    """

    indicator: Row
    row: Row
    earlier: Row | None
    past: tuple[Row, ...]
    direction: int | None

    @property
    def name(self) -> str:
        """What it is called outside its table."""
        return str(self.indicator["naam"])

    @property
    def is_compared(self) -> bool:
        """Whether both schooljaren have a figure and the release compares them."""
        return self.earlier is not None and has_figure(self.row) and has_figure(self.earlier) and _difference(self.row) is not None

    @property
    def is_broken(self) -> bool:
        """Whether it is compared over a trendbreuk."""
        return self.is_compared and bool(self.row["trendbreuk"])

    @property
    def trend(self) -> str:
        """The direction as a sign and a word, `▲ meer`; empty if nothing is compared."""
        if not self.is_compared:
            return ""
        if self._looks_equal:
            return f"{SIGNS[None]} ongeveer gelijk"
        return f"{SIGNS[self.direction]} {(OF_COUNT if self.row['verschil'] is not None else OF_RATE)[self.direction]}"

    @property
    def sentence(self) -> str:
        """What it says in comparison with the schooljaar before, or why nothing can be said."""
        if not has_figure(self.row):
            return WITHHELD.get(self.row["status"], WITHHELD["onderdrukt_secundair"])
        if self.earlier is None:
            return "Over het schooljaar ervoor is er geen cijfer."
        if not self.is_compared:
            before, is_withheld = self.earlier["schooljaar"], self.earlier["status"].startswith("onderdrukt")
            return f"Het cijfer van {before} noemen we niet." if is_withheld else f"Over {before} is er geen cijfer."
        return self._compared(self.earlier)

    @property
    def change(self) -> str:
        """The change of a count in short: `▲ 81 meer (36,5%)`; the percentage only if the release has one."""
        about = "ongeveer " if is_about(self.row, self.earlier) else ""
        share = self.row["verschil_percentage"] if self.row["waarde"] or not about else None  # 0–4 is no share of anything
        percentage = f" ({about}{decimal(abs(share), 0 if about else changes.PERCENTAGE_DECIMALS)}%)" if share else ""
        return f"{SIGNS[self.direction]} {about}{count(abs(self.row['verschil']))} {OF_COUNT[self.direction]}{percentage}"

    @property
    def _looks_equal(self) -> bool:
        """Whether both figures are shown alike and at least one is rounded, so that only that can be said."""
        return self.direction is None and _difference(self.row) == 0

    def _compared(self, earlier: Row) -> str:
        before, is_count = earlier["schooljaar"], self.row["verschil"] is not None
        then = then_of(earlier) if is_count else f"was het {amount(earlier)}"
        if self.is_broken:
            return f"In {before} {then}. Trendbreuk: {before} en {self.row['schooljaar']} zijn niet goed te vergelijken."
        if self.direction is None:
            return f"In {before} {then}." if self._looks_equal else f"In {before} {then}. {BY_ROUNDING}"
        if self.direction == 0:
            return f"Dat {'zijn er evenveel als in' if is_count else 'is gelijk aan'} {before}."
        word = (OF_COUNT if is_count else OF_RATE)[self.direction]
        return f"{self._size(is_count=is_count)}{word} dan in {before}: toen {then}."

    def _size(self, *, is_count: bool) -> str:
        """Return how a sentence about a difference begins, with its size if it is precise enough to be told."""
        about = is_about(self.row, self.earlier)
        if is_count:
            size = abs(self.row["verschil"])
            return f"Dat {'is' if size == 1 else 'zijn'} er {'ongeveer ' if about else ''}{count(size)} "
        unit = changes.POINTS.get(self.row["eenheid"], "")
        return "Dat is " if about else f"Dat is {decimal(abs(self.row['verschil_punten']), DECIMALS)}{unit} "


@dataclass(frozen=True)
class Break:
    """A trendbreuk among the figures that are shown.

    Args:
        year: The first schooljaar in which it was counted otherwise.
        reason: Why; empty in a release from before breaks had a reason.
        names: The figures that it is about.
    """

    year: str
    reason: str
    names: tuple[str, ...]

    @property
    def before(self) -> str:
        """The schooljaar before it."""
        return reference.previous(self.year)


def front(source: Source) -> Area:
    """Return the area that a release is about: the regio, or its only gemeente."""
    there = source.areas
    return there[-1] if len(there) != 2 else there[0]  # with one gemeente the regio is the same


def gemeenten(source: Source) -> list[Area]:
    """Return the gemeenten, largest first."""
    return [area for area in source.areas if area.code != REGIO]


def is_running(source: Source, year: str) -> bool:
    """Return whether a schooljaar had not ended when the last bron delivered."""
    return source.kennisdatum.astimezone(TIMEZONE).date() < date(int(year[-4:]), 8, 1)


def key_figures(source: Source, area: Area, year: str) -> list[Headline]:
    """Return the key figures of an area, in the order of the front page; without those that the release does not have."""
    return _headlines(source, area, year, message.key_figures(source.indicators))


def most_changed(source: Source, area: Area, year: str) -> list[Headline]:
    """Return the counts that changed most beside the key figures, at most five.

    Of the tables of the report, the counts that are no key figure and no sum of others, and that certainly changed: by 5 or more, and by
    more than rounding can have made. First those that can be compared, then those over a trendbreuk; among them the largest difference
    first.
    """
    left_out = {*reference.totals(), *reference.covers()}
    tables = set(reference.in_report())
    pool = [row for row in source.indicators if row["tabel"] in tables and row["tegel"] is None and row["indicator"] not in left_out]
    found = [one for one in _headlines(source, area, year, pool) if one.direction and abs(one.row["verschil"] or 0) >= LEAST]
    return sorted(found, key=lambda one: (one.is_broken, -abs(one.row["verschil"])))[:MOST]


def breaks(shown: Sequence[Headline]) -> list[Break]:
    """Return every trendbreuk between the schooljaren that are shown of these figures, the last one first."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in shown:
        for row in one.past[1:]:
            for reason in (report_tables.reasons([row]) or [""]) if row["trendbreuk"] else ():
                found.setdefault((row["schooljaar"], reason), []).append(one.name)
    in_order = sorted(found, key=lambda key: key[0], reverse=True)
    return [Break(year, reason, tuple(dict.fromkeys(found[year, reason]))) for year, reason in in_order]


def _headlines(source: Source, area: Area, year: str, indicators: Sequence[Row]) -> list[Headline]:
    of_area = source.of_area(area)
    years = source.years(year, YEARS)
    found = []
    for indicator in indicators:
        past = tuple(row for one in years if (row := of_area.get((indicator["indicator"], one))))
        if past and past[-1]["schooljaar"] == year:
            earlier = of_area.get((indicator["indicator"], reference.previous(year)))
            found.append(Headline(indicator, past[-1], earlier, past, source.precision.direction(past[-1], earlier)))
    return found


def _difference(row: Row) -> object:
    return row["verschil"] if row["verschil"] is not None else row["verschil_punten"]
