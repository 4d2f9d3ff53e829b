"""The mutation tool: the mutants it generates and skips, and its verdicts killed and survived."""

import pytest
from alterations import mutants
from mutants import Survivor, outdated, report, share
from sqlglot import exp, parse_one
from trial import judge, reads_files
from unit_tests import Model, UnitTest

MELDING = "select nummer from build.kern.melding where uren < 16"


def unit_test(query: str, given: dict[str, int], expected: list[str], name: str = "een_grens") -> UnitTest:
    """Return a unit test as dbt writes it, for a model that reads `melding`."""
    rows = " union all ".join(
        f"select cast('{nummer}' as varchar) as nummer, cast({uren} as int) as uren" for nummer, uren in given.items()
    )
    wanted = " union all ".join(f"select cast('{nummer}' as varchar) as nummer" for nummer in expected)
    return UnitTest(
        name,
        f"""with dbt_internal_unit_test_actual as (
          select nummer, 'actual' as actual_or_expected from (
            with __dbt__cte__melding as ({rows}) {query.replace("build.kern.melding", "__dbt__cte__melding")}
          ) _dbt_internal_unit_test_actual
        ),
        dbt_internal_unit_test_expected as (
          select nummer, 'expected' as actual_or_expected from ({wanted}) _dbt_internal_unit_test_expected
        )
        select * from dbt_internal_unit_test_actual union all select * from dbt_internal_unit_test_expected""",
    )


def outcomes(given: dict[str, int], expected: list[str]) -> dict[str, str]:
    model = Model("kort", MELDING, (unit_test(MELDING, given, expected),))
    return {verdict.mutant.after: verdict.outcome for verdict in judge(model)}


def altered(sql: str) -> list[str]:
    return [mutant.after for mutant in mutants(exp.Subquery(this=parse_one(sql, dialect="duckdb")))]


def test_a_boundary_that_no_row_is_on_survives():
    assert outcomes({"in": 10, "uit": 20}, ["in"]) == {
        "WHERE TRUE": "killed",
        "uren <= 16": "survived",
        "uren < 17": "survived",
        "uren < 15": "survived",
    }


def test_rows_on_both_sides_of_a_boundary_kill_all():
    assert set(outcomes({"in": 15, "uit": 16}, ["in"]).values()) == {"killed"}


def test_a_model_without_a_unit_test_guards_nothing():
    assert {verdict.outcome for verdict in judge(Model("kort", MELDING, ()))} == {"survived"}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (MELDING, False),
        ("with a as (select * from read_parquet('lake/*.parquet', filename = true)) select * from a", True),
        ("select content from read_text('lake/*.json')", True),
        ("select parse_filename(a) as b from t", False),
    ],
)
def test_a_model_that_reads_files_is_known(sql, expected):
    assert reads_files(Model("kort", sql, ())) is expected


def test_a_mutant_that_does_not_run_is_an_error():
    query = "select nummer from build.kern.melding where uren < day(strptime('16', '%d'))"
    model = Model("kort", query, (unit_test(query, {"in": 15, "uit": 16}, ["in"]),))
    assert [verdict.mutant.after for verdict in judge(model) if verdict.outcome == "error"] == ["uren < DAY(STRPTIME('16', '%d~'))"]


def test_a_unit_test_that_does_not_pass_is_refused():
    with pytest.raises(AssertionError, match="een_grens does not pass here"):
        outcomes({"in": 16}, ["in"])


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a from t where b >= 3", ["WHERE TRUE", "b > 3", "b >= 4", "b >= 2"]),
        ("select a = b as c from t", ["a <> b AS c"]),
        ("select a is null as b from t", ["NOT a IS NULL AS b"]),
        ("select a is not null as b from t", ["a IS NULL AS b"]),
        ("select not a as b from t", ["a AS b"]),
        ("select a and b as c from t", ["a OR b AS c", "NOT a AND b AS c", "a AND NOT b AS c"]),
        ("select a from t where b", ["WHERE TRUE", "NOT b"]),
        ("select a between b and c as d from t", ["a > b AND a <= c AS d", "a >= b AND a < c AS d"]),
        ("select true as a from t", ["FALSE AS a"]),
        ("select cast('2024-08-01' as date) as a", ["CAST('2024-07-31' AS DATE) AS a", "CAST('2024-08-02' AS DATE) AS a"]),
        (
            "select coalesce(a, cast('9999-12-31' as date)) as b",
            ["a AS b", "CAST('9999-12-31' AS DATE) AS b", "COALESCE(a, CAST('1900-01-01' AS DATE)) AS b"],
        ),
        ("select '00' as a", ["'01' AS a"]),
        ("select 'V3' as a", ["'V3~' AS a"]),
        ("select coalesce(a, b, c) as d from t", ["COALESCE(b, c) AS d", "COALESCE(a, c) AS d", "COALESCE(a, b) AS d"]),
        ("select t.a from t left join u on t.b = u.b", ["INNER JOIN u", "t.b <> u.b"]),
        ("select t.a from t inner join u on t.b = u.b", ["LEFT JOIN u", "t.b <> u.b"]),
        ("select t.a from t cross join u", []),
        ("select distinct a from t", ["SELECT a FROM t"]),
        ("select count(distinct a) as b from t", ["COUNT(a) AS b"]),
        ("select a from t union select a from u", ["UNION ALL"]),
        ("select a from t union select a from u union select a from v", ["UNION ALL"]),
        ("select a from t union all select a from u", []),
        ("select min(a) as b from t", ["MAX(a) AS b"]),
        ("select row_number() over (order by a desc) as b from t", ["a ASC"]),
        (
            "select row_number() over (order by case when a is null then 1 else 0 end) as b from t",
            ["CASE WHEN a IS NULL THEN 1 ELSE 0 END DESC", "CASE WHEN NOT a IS NULL THEN 1 ELSE 0 END"],
        ),
        ("select max(a) over (order by b desc rows between unbounded preceding and unbounded following) as c from t", ["MIN(a)"]),
        ("select cast(a as decimal(9, 2)) as b from t", []),
    ],
)
def test_what_is_altered(sql, expected):
    assert sorted(altered(sql)) == sorted(expected)


def test_a_listed_survivor_must_survive():
    model = Model("kort", MELDING, (unit_test(MELDING, {"in": 15, "uit": 17}, ["in"]),))
    verdicts = judge(model)
    after = {name: Survivor("kort", "uren < 16", name, "een reden") for name in ("uren <= 16", "uren < 15", "uren < 99")}
    assert outdated([after["uren <= 16"]], verdicts) == []
    assert outdated([after["uren < 15"]], verdicts) == ["kort: uren < 16 → uren < 15 is killed, not survived"]
    assert outdated([after["uren < 99"]], verdicts) == ["kort: uren < 16 → uren < 99 is 0 mutants, not one"]


def test_the_report_counts_what_is_listed_apart():
    verdicts = judge(Model("kort", MELDING, (unit_test(MELDING, {"in": 15, "uit": 17}, ["in"]),)))
    listed = [Survivor("kort", "uren < 16", "uren <= 16", "een reden")]
    assert (share(verdicts), round(share(verdicts, listed), 1)) == (50.0, 66.7)
    text = report(verdicts, listed)
    assert "survived: kort:1  uren < 16  →  uren < 17" in text
    assert "uren <= 16" not in text
