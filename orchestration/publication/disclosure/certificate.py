"""The proof that withheld counts stay withheld, checked in whole numbers: no solver need be trusted, only these few lines.

A certificate is an alternative table: other counts, which agree with everything that is public. Who sees only what is public cannot tell it
from the true one. So a count of which two alternatives differ cannot be worked out, and one of which they reach both ends of what must stay
possible cannot be narrowed within it.

Put here: what is proved, and the check. Keep out: how alternatives are found (`suppress.py`).
"""

from collections.abc import Iterator, Mapping, Sequence

from orchestration.publication.disclosure.system import Cell, Interval, Relation

Table = Mapping[Cell, int]


def faults(
    public: Mapping[Cell, Interval], relations: Sequence[Relation], needed: Mapping[Cell, Interval], tables: Sequence[Table]
) -> Iterator[str]:
    """Say what is wrong with a proof; a proof without faults holds.

    Args:
        public: Of every cell what is public about it alone: its value, or what its sign says.
        relations: Every public fact about several cells.
        needed: Of every small count the interval that must stay possible, both ends of it.
        tables: The alternatives: of every withheld cell a value. Published cells are taken from `public`.
    """
    published = {cell: known.low for cell, known in public.items() if known.exact}
    withheld = [cell for cell in public if cell not in published]
    for number, table in enumerate(tables, 1):
        if missing := [cell for cell in withheld if cell not in table]:
            yield f"alternatief {number} heeft geen waarde voor {missing[0]}"
            return
        yield from (f"alternatief {number}: {cell} past niet bij zijn teken" for cell in withheld if table[cell] not in public[cell])
        values = {**table, **published}
        yield from (f"alternatief {number}: onwaar is dat {fact.because}" for fact in relations if not fact.holds(values))
    for cell in withheld:
        seen = {table[cell] for table in tables}
        if len(seen) < 2:
            yield f"{cell}: geen twee alternatieven met een andere waarde"
        elif cell in needed and (min(seen) > needed[cell].low or max(seen) < (needed[cell].high or 0)):
            yield f"{cell}: de alternatieven reiken niet van {needed[cell].low} tot en met {needed[cell].high}"
    yield from (f"{cell}: moet worden achtergehouden, en is openbaar" for cell in needed if cell in published)
    yield from (f"{cell}: moet worden achtergehouden, en het bewijs noemt het niet" for cell in needed if cell not in public)
