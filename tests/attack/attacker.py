"""An attacker who tries to derive small counts from public files alone. He shares no code with the pipeline.

He reads the files of one or more releases, adds what the definitions say, and asks which values of each count satisfy all of it.

Put here: what he knows. Keep out: what the signs in a file mean (`release.py`), the definitions (`definitions.py`), and solving
(`solving.py`).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from attack.definitions import Count, Definitions
from attack.facts import REGIO
from attack.knowledge import BEYOND, MOST, Knowledge, Name
from attack.release import AFGEROND, BASE, EVENTS, GEPUBLICEERD, INDICATORS, NIET_VAN_TOEPASSING, RATES, UNKNOWN, Release, Said, read
from attack.solving import Search

Values = Mapping[Count, int]
Draw = tuple[str, str, str]  # schooljaar, uitsplitsing and value


class Attacker:
    """Reads releases one after the other, and remembers all of it.

    Args:
        values: Counts of breakdowns that are known to exist, from public lists of schools and wijken.
        printed: Counts of the first release that were printed elsewhere.

    Attributes:
        known: All facts.
        withheld: The counts that some release did not show.
        gemeenten: For each count of a regio those of its gemeenten, in every release.
    """

    def __init__(self, values: Collection[Count] = (), printed: Values | None = None) -> None:
        self.known = Knowledge()
        self.withheld: dict[Count, None] = {}
        self.gemeenten: dict[Count, set[tuple[Count, ...]]] = defaultdict(set)
        self._values = values
        self._versions: dict[Count, int] = {}
        self._last: dict[Count, tuple[int, int]] = {}
        self._rounded: dict[Count, int] = {}
        for count, value in (printed or {}).items():
            self.known.interval(count, value, value)

    def version(self, count: Count) -> Count:
        """Return the count as it is in the last release."""
        return count._replace(versie=self._versions[count]) if count in self._versions else count

    def read(self, folder: Path, changes: Mapping[Count, int | None] | None = None) -> None:
        """Read the next release.

        Args:
            folder: Its public files.
            changes: The counts that changed since the previous one, and by how much if he was told; without, he assumes that a count is
                the same until a file shows that it is not.
        """
        release = Release(read(folder), self._values)
        for count, said in release.said.items():
            if count in changes if changes is not None else self._is_other(count, said):
                self._changed(count, (changes or {}).get(count))
            now = self.version(count)
            self.known.interval(now, *said.range)
            if said.least < said.most:
                self.withheld[now] = None
            if said.multiple is not None:
                self._rounded[now] = said.multiple
            if said != UNKNOWN:
                self._last[count] = said.range
        for count in [count for count in release.said if count.gemeente == REGIO]:
            parts = (count._replace(gemeente=gemeente) for gemeente in release.gemeenten)
            self.gemeenten[self.version(count)].add(tuple(self.version(part) for part in parts if part in release.said))
        Definitions(self.known, release.said.keys(), EVENTS, self.version).learn()
        _Columns(self.known, release, self.version).learn()

    def search(self, table: Values | None = None, draws: Mapping[Draw, int] | None = None) -> Search:
        """Begin to search what is possible.

        Args:
            table: All counts, if one who knows them helps to search; the outcome is the same.
            draws: The draws, if he knows them.
        """
        known = self.known.copy()
        for count, multiple in self._rounded.items():
            if draws is not None:
                draw = draws[count.schooljaar, count.uitsplitsing, count.waarde]
                known.interval(count, max(0, multiple - BASE + 1 + draw), multiple + draw)
        return Search(known, table)

    def search_with_same_draws(self, table: Mapping[Name, int] | None = None) -> Search:
        """Begin to search with also the fact that counts of one schooljaar, breakdown and value are rounded by one draw, as yet unknown."""
        known = self.known.copy()
        for count, multiple in self._rounded.items():
            draw = count.schooljaar, count.uitsplitsing, count.waarde
            known.interval(draw, 0, BASE - 1)
            known.sum([count], [draw], multiple - BASE + 1, multiple)
        return Search(known, table)

    def _changed(self, count: Count, step: int | None) -> None:
        before = self.version(count)
        self._versions[count] = before.versie + 1
        self._last.pop(count, None)
        if step is not None and before in self.known.least:
            self.known.sum([self.version(count)], [before], step, step)

    def _is_other(self, count: Count, said: Said) -> bool:
        """Return whether a file shows a change: a number outside the known range, or another multiple."""
        least, most = self._last.get(count, (0, MOST))
        before = self._rounded.get(self.version(count))
        other_multiple = None not in (said.multiple, before) and said.multiple != before
        return said.range[0] > most or said.range[1] < least or other_multiple


class _Columns:
    """Adds what the rows of a release say about other counts: the previous schooljaar, and the parts of a rate."""

    def __init__(self, known: Knowledge, release: Release, version: Callable[[Count], Count]) -> None:
        self._known, self._rows, self._said, self._version = known, release.rows, release.said, version

    def learn(self) -> None:
        """Add all of it."""
        for count, row in self._rows.items():
            if row["eenheid"] in RATES:
                self._rate(count, row)
            elif row["status"] != NIET_VAN_TOEPASSING:
                self._previous(count, row)

    def _previous(self, count: Count, row: Mapping[str, Any]) -> None:
        first = int(count.schooljaar[:4])
        earlier = count._replace(schooljaar=f"{first - 1}-{first}")
        if earlier not in self._said or AFGEROND in (row["status"], self._rows.get(earlier, row)["status"]):
            return  # made from the rounded numbers
        now, before = self._version(count), self._version(earlier)
        if row["vorige_waarde"] is not None:
            self._known.interval(before, row["vorige_waarde"], row["vorige_waarde"])
        if row["verschil"] is not None:
            self._known.sum([now], [before], row["verschil"], row["verschil"])
        if row["verschil_percentage"] is not None:
            self._ratio(now, before, row["verschil_percentage"] + 100, 100, Decimal("0.05"))

    def _rate(self, count: Count, row: Mapping[str, Any]) -> None:
        about = INDICATORS[count.indicator]
        over = count._replace(indicator=about["over"] or about["noemer"])
        if over not in self._said:
            return
        if row["status"] == NIET_VAN_TOEPASSING:
            self._known.interval(self._version(over), 0, 0)
        elif about["over"] and row["status"] in (GEPUBLICEERD, AFGEROND):
            self._known.interval(self._version(over), 1)
        if not about["factor"] or row["status"] != GEPUBLICEERD:
            return
        teller, noemer = (self._version(count._replace(indicator=about[name])) for name in ("teller", "noemer"))
        for part, value in ((teller, row["teller"]), (noemer, row["noemer"])):
            if value is not None:
                self._known.interval(part, value, value)
        if row["percentage"] is not None:
            self._ratio(teller, noemer, row["percentage"], int(about["factor"]), Decimal("0.005"))

    def _ratio(self, teller: Count, noemer: Count, rate: Decimal, factor: int, rounding: Decimal) -> None:
        """Add that factor × teller / noemer is a rate, up to rounding."""
        scale = 1000
        for bound, least, most in ((rate - rounding, 0, BEYOND), (rate + rounding, -BEYOND, 0)):
            self._known.weighted({teller: factor * scale, noemer: -int(bound * scale)}, least, most)
