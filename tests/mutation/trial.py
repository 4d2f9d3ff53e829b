"""Runs the mutants of one model against its unit tests, in DuckDB without dbt: milliseconds instead of seconds each.

Put here: parsing a unit test, and the verdict on a mutant. Keep out: the alterations (`alterations.py`).

A unit test mocks every input of its model, so the unit tests of downstream models cannot detect a mutant of this one.
"""

from collections import Counter
from dataclasses import dataclass

import duckdb
from alterations import DIALECT, Mutant, alterable, mutants, replaced, replacements
from sqlglot import exp, parse_one
from unit_tests import Model, UnitTest

FIXTURE = "__dbt__cte__"  # dbt's prefix of an input in a unit test


@dataclass(frozen=True)
class Verdict:
    """The verdict on a mutant: `killed` by a unit test, `error` (its SQL does not run), or `survived`."""

    model: str
    mutant: Mutant
    outcome: str
    by: str = ""


class Trial:
    """A unit test, with its inputs as tables in a separate schema.

    Raises:
        AssertionError: The unaltered model does not return the expected rows, so the harness is wrong.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, number: int, test: UnitTest) -> None:
        self.name = test.name
        self._connection = connection
        self._schema = f"test_{number}"
        statement = parse_one(test.sql, dialect=DIALECT)
        query = statement.ctes[0].this
        query.set("expressions", query.expressions[:-1])  # the last column marks the rows of the model
        self._query: exp.Expression = query
        model = query.find(exp.Subquery)
        connection.execute(f"create schema {self._schema}")
        for cte in list(model.this.ctes):
            if cte.alias.startswith(FIXTURE):
                connection.execute(f"create table {self._schema}.{cte.alias} as {cte.this.sql(DIALECT)}")
                cte.pop()
        rows = connection.execute(test.sql).fetchall()
        self._expected = Counter(row[:-1] for row in rows if row[-1] == "expected")
        self.alterable = alterable(model)
        assert self._rows(query.sql(DIALECT)) == self._expected, f"{test.name} does not pass here"

    def notices(self, mutant: Mutant) -> bool:
        """Return whether the mutant's rows differ from the expected rows.

        Raises:
            duckdb.Error: The SQL does not run.
        """
        number, choice = mutant.place
        node = self.alterable[number]
        with replaced(node, replacements(node)[choice]):
            sql = self._query.sql(DIALECT)
        return self._rows(sql) != self._expected

    def _rows(self, sql: str) -> Counter:
        self._connection.execute(f"set schema = '{self._schema}'")
        return Counter(self._connection.execute(sql).fetchall())


def reads_files(model: Model) -> bool:
    """Return whether a model reads files of the lake, which dbt cannot mock (`tests/pipeline/test_dbt_sources.py` tests those)."""
    found = parse_one(model.sql, dialect=DIALECT).find_all(exp.ReadParquet, exp.Anonymous)
    return any(isinstance(node, exp.ReadParquet) or node.name.lower() == "read_text" for node in found)


def judge(model: Model) -> list[Verdict]:
    """Run every mutant of a model against its unit tests, until one detects it."""
    tree = exp.Subquery(this=parse_one(model.sql, dialect=DIALECT))
    found = mutants(tree)
    with duckdb.connect(config={"threads": 1}) as connection:
        trials = [Trial(connection, number, test) for number, test in enumerate(model.tests)]
        assert {len(trial.alterable) for trial in trials} <= {len(alterable(tree))}, f"dbt compiles {model.name} otherwise in a unit test"
        return [_verdict(model.name, mutant, trials) for mutant in found]


def _verdict(model: str, mutant: Mutant, trials: list[Trial]) -> Verdict:
    for trial in trials:
        try:
            if trial.notices(mutant):
                return Verdict(model, mutant, "killed", trial.name)
        except duckdb.Error:
            return Verdict(model, mutant, "error", trial.name)
    return Verdict(model, mutant, "survived")
