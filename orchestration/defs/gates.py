"""The gates as blocking asset checks: what is red stops everything after it.

Put here: which assets a gate guards. Keep out: what it expects (`expectations.suites`).
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from expectations import gate, suites
from orchestration.defs import bronnen, jaarverslag
from orchestration.lake import Lake
from orchestration.settings import Settings

GUARDED_MARTS = ("jongere", "plichtige", "melding", "interventie", "incident", "vrijstelling", "absoluut_verzuim")


def _specs(poort: str, keys: Sequence[dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(f"poort_{poort}", asset=key, blocking=True, description=suites.POORTEN[poort]) for key in keys]


def _results(poort: str, keys: Sequence[dg.AssetKey], verdict: gate.Verdict, lake: Lake) -> Iterator[dg.AssetCheckResult]:
    """Give each asset the findings of its own table; what is red elsewhere in the gate stops them all."""
    for key in keys:
        yield dg.AssetCheckResult(
            check_name=f"poort_{poort}",
            asset_key=key,
            passed=verdict.passed,
            metadata={
                "verwachtingen": len(verdict.findings),
                "waarvan_op_deze_tabel": len(verdict.of(key.path[-1])),
                "rood": [finding.sentence for finding in verdict.red],
                "kwaliteit": dg.MetadataValue.path(str(lake.quality_page)),
            },
        )


@dg.multi_asset_check(
    name="poort_bronnen",
    specs=_specs("bronnen", bronnen.lake_keys()),
)
def poort_bronnen(settings: dg.ResourceParam[Settings]) -> Iterator[dg.AssetCheckResult]:
    """Look at what the deliveries brought."""
    from expectations.suites import bronnen as suite

    lake = Lake.of(settings)
    yield from _results("bronnen", bronnen.lake_keys(), gate.run("bronnen", suite.tables(lake), lake, lake.ledger), lake)


MART_KEYS = [dg.AssetKey(["kern", table]) for table in GUARDED_MARTS] + [dg.AssetKey(["jaarverslag", "kerncijfers"])]


@dg.multi_asset_check(name="poort_warehouse", specs=_specs("warehouse", MART_KEYS))
def poort_warehouse(settings: dg.ResourceParam[Settings]) -> Iterator[dg.AssetCheckResult]:
    """Look at the warehouse before it is swapped in."""
    from expectations.suites import warehouse as suite

    lake = Lake.of(settings)
    built = lake.warehouse_build
    yield from _results("warehouse", MART_KEYS, gate.run("warehouse", suite.tables(built), lake, built), lake)


@dg.multi_asset_check(
    name="poort_publicatie",
    specs=_specs("publicatie", [jaarverslag.CANDIDATE]),
)
def poort_publicatie(settings: dg.ResourceParam[Settings]) -> Iterator[dg.AssetCheckResult]:
    """Look at the release before readers see it."""
    from expectations.suites import publicatie as suite

    lake = Lake.of(settings)
    candidate = lake.candidate_of("intern")
    tables = suite.tables(candidate, lake.warehouse_current, settings.gemeenten)
    yield from _results("publicatie", [jaarverslag.CANDIDATE], gate.run("publicatie", tables, lake, candidate), lake)


@dg.multi_asset_check(
    name="poort_openbaar",
    specs=_specs(gate.OPENBAAR, [jaarverslag.CANDIDATE_OPENBAAR]),
)
def poort_openbaar(settings: dg.ResourceParam[Settings]) -> Iterator[dg.AssetCheckResult]:
    """Look at what everybody will see."""
    from expectations.suites import openbaar as suite

    lake = Lake.of(settings)
    candidate = lake.candidate_of("openbaar")
    tables = suite.tables(candidate, lake.warehouse_current, settings.gemeenten, settings.suppression_threshold)
    yield from _results(gate.OPENBAAR, [jaarverslag.CANDIDATE_OPENBAAR], gate.run(gate.OPENBAAR, tables, lake, candidate), lake)


def build() -> list[dg.AssetChecksDefinition]:
    """All checks of this module."""
    return [poort_bronnen, poort_warehouse, poort_publicatie, poort_openbaar]
