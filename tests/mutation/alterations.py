"""The alterations of a model's SQL: each function takes one node of the syntax tree and yields its replacements.

Put here: the kinds of fault that a unit test must detect. Keep out: running a mutant (`trial.py`), and the equivalent mutants
(`survivors.yml`). Mutants that no test can detect are not generated: types, the results of a `case` that only sorts, numbers below zero.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlglot import exp

DIALECT = "duckdb"
LONGEST = 100  # maximum length of the text around an alteration
RELATION = re.compile(r'(?:"\w+"\.)+"(\w+)"')  # as dbt writes it; reports show only its last part
OPPOSITE: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.And: exp.Or,
    exp.Or: exp.And,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
}
SENTINELS = {"1900-01-01": "9999-12-31", "9999-12-31": "1900-01-01"}  # always and never: a day earlier or later makes no difference
CLAUSES = (exp.Query, exp.From, exp.Where, exp.Join, exp.With, exp.CTE, exp.Group, exp.Order, exp.Window)


@dataclass(frozen=True)
class Mutant:
    """One alteration of a model.

    Args:
        place: Index of the alterable node, and of its replacement.
        line: Line of the compiled SQL.
        before: The expression around it.
        after: The same expression, altered.
    """

    place: tuple[int, int]
    line: int
    before: str
    after: str


def mutants(tree: exp.Expression) -> list[Mutant]:
    """Return every mutant of a query, in the order of its nodes."""
    found = []
    for number, node in enumerate(alterable(tree)):
        around = _context(node)
        before, line = _text(around), _line(node)
        for choice, replacement in enumerate(replacements(node)):
            with replaced(node, replacement):
                after = _text(replacement if around is node else around)
            found.append(Mutant((number, choice), line, before, after))
    return found


def alterable(tree: exp.Expression) -> list[exp.Expression]:
    """Return the nodes of a tree that have a replacement, depth first."""
    return [node for node in tree.dfs() if replacements(node)]


@contextmanager
def replaced(node: exp.Expression, replacement: exp.Expression) -> Iterator[None]:
    """Replace a node, and restore it afterwards."""
    node.replace(replacement)
    yield
    replacement.replace(node)


def replacements(node: exp.Expression) -> list[exp.Expression]:
    """Return the replacements of a node; empty if it has none."""
    if node.find_ancestor(exp.DataType) or _is_order_without_meaning(node):
        return []
    return [replacement for alter in ALTERATIONS for replacement in alter(node)]


def _opposites(node: exp.Expression) -> Iterator[exp.Expression]:
    """`<` to `<=`, `=` to `<>`, `and` to `or`, `min` to `max`, and back."""
    if opposite := OPPOSITE.get(type(node)):
        yield opposite(**node.copy().args)


def _between(node: exp.Expression) -> Iterator[exp.Expression]:
    """`between` without its first or its last value."""
    if isinstance(node, exp.Between):
        value, low, high = (node.args[part] for part in ("this", "low", "high"))
        yield exp.and_(exp.GT(this=value.copy(), expression=low.copy()), exp.LTE(this=value.copy(), expression=high.copy()))
        yield exp.and_(exp.GTE(this=value.copy(), expression=low.copy()), exp.LT(this=value.copy(), expression=high.copy()))


def _nulls(node: exp.Expression) -> Iterator[exp.Expression]:
    """`is null` to `is not null`; `_not` does the reverse."""
    if isinstance(node, exp.Is) and not isinstance(node.parent, exp.Not):
        yield exp.Not(this=node.copy())


def _not(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Not):
        yield node.this.copy()


def _condition(node: exp.Expression) -> Iterator[exp.Expression]:
    """Negate a boolean column that is a condition by itself."""
    if isinstance(node, exp.Column) and isinstance(node.parent, (exp.Where, exp.Connector, exp.If)) and node.arg_key != "true":
        yield exp.Not(this=node.copy())


def _boolean(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Boolean):
        yield exp.Boolean(this=not node.this)


def _number_literal(node: exp.Expression) -> Iterator[exp.Expression]:
    """A number: one more and one less, except where it only sorts, or below zero."""
    if not isinstance(node, exp.Literal) or node.is_string or node.find_ancestor(exp.Ordered, exp.Select).__class__ is exp.Ordered:
        return
    value = node.to_py()
    yield exp.Literal.number(value + 1)
    if value >= 1:
        yield exp.Literal.number(value - 1)


def _string_literal(node: exp.Expression) -> Iterator[exp.Expression]:
    """A date: a day earlier and later. A code of digits: the next. Other text: text that is no code."""
    if not isinstance(node, exp.Literal) or not node.is_string:
        return
    text = node.this
    try:
        day = date.fromisoformat(text)
    except ValueError:
        other = f"{int(text) + 1:0{len(text)}d}" if text.isdecimal() else f"{text}~"
        yield exp.Literal.string(other)
        return
    if text in SENTINELS:
        yield exp.Literal.string(SENTINELS[text])
        return
    yield exp.Literal.string(str(day - timedelta(days=1)))
    yield exp.Literal.string(str(day + timedelta(days=1)))


def _join(node: exp.Expression) -> Iterator[exp.Expression]:
    """`left` to `inner` and back; a cross join stays."""
    if isinstance(node, exp.Join) and node.args.get("on"):
        other = node.copy()
        other.set("side", None if node.side else "LEFT")
        other.set("kind", "INNER" if node.side else None)
        yield other


def _coalesce(node: exp.Expression) -> Iterator[exp.Expression]:
    """Remove each argument in turn."""
    if isinstance(node, exp.Coalesce):
        arguments = [node.this, *node.expressions]
        for left_out in range(len(arguments)):
            kept = [argument.copy() for number, argument in enumerate(arguments) if number != left_out]
            yield exp.Coalesce(this=kept[0], expressions=kept[1:]) if len(kept) > 1 else kept[0]


def _where(node: exp.Expression) -> Iterator[exp.Expression]:
    """A query without its `where`."""
    if isinstance(node, exp.Where):
        yield exp.Where(this=exp.true())


def _distinct(node: exp.Expression) -> Iterator[exp.Expression]:
    """`select distinct`, `count(distinct …)` and `union` without it; in a chain of unions only the last, which decides for all."""
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        other = node.copy()
        other.set("distinct", None)
        yield other
    if isinstance(node, exp.Union) and node.args.get("distinct") and not isinstance(node.parent, exp.Union):
        other = node.copy()
        other.set("distinct", False)
        yield other
    if isinstance(node, exp.Distinct) and isinstance(node.parent, exp.Count):
        yield node.expressions[0].copy()


def _order(node: exp.Expression) -> Iterator[exp.Expression]:
    """Reverse the order of a window."""
    if isinstance(node, exp.Ordered):
        yield exp.Ordered(this=node.this.copy(), desc=not node.args.get("desc"))


ALTERATIONS: tuple[Callable[[exp.Expression], Iterator[exp.Expression]], ...] = (
    _opposites,
    _between,
    _nulls,
    _not,
    _condition,
    _boolean,
    _number_literal,
    _string_literal,
    _join,
    _coalesce,
    _where,
    _distinct,
    _order,
)


def _is_order_without_meaning(node: exp.Expression) -> bool:
    """Return whether a node is in the order of a window over all rows of its partition."""
    ordered = node if isinstance(node, exp.Ordered) else node.find_ancestor(exp.Ordered)
    spec = ordered and ordered.find_ancestor(exp.Window).args.get("spec")
    return bool(spec) and spec.args.get("start") == spec.args.get("end") == "UNBOUNDED"


def _context(node: exp.Expression) -> exp.Expression:
    """Return the largest expression around a node that is short enough for the report."""
    while not isinstance(node, CLAUSES) and not isinstance(node.parent, CLAUSES) and len(_text(node.parent)) <= LONGEST:
        node = node.parent
    return node


def _text(node: exp.Expression) -> str:
    if isinstance(node, exp.Union):
        return "UNION" if node.args.get("distinct") else "UNION ALL"
    text = RELATION.sub(r"\1", node.sql(DIALECT, comments=False))
    if isinstance(node, exp.Join | exp.Select):
        return re.split(" (?:ON|WHERE|INNER JOIN|LEFT JOIN) ", text.strip())[0]
    return text.strip()


def _line(node: exp.Expression) -> int:
    lines = [part.meta["line"] for part in node.walk() if "line" in part.meta]
    return min(lines) if lines else _line(node.parent)
