"""The gates as blocking asset checks: what is red stops everything after it.

Put here: which assets a gate guards. Keep out: what it expects (`expectations.suites`).
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from expectations import gate
from orchestration.defs import bronnen, jaarverslag
from orchestration.lake import Lake
from orchestration.settings import Settings

GUARDED_MARTS = ("jongere", "plichtige", "melding", "interventie", "incident", "vrijstelling", "absoluut_verzuim")


def _specs(poort: str, keys: Sequence[dg.AssetKey], description: str) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(f"poort_{poort}", asset=key, blocking=True, description=description) for key in keys]


def _results(poort: str, keys: Sequence[dg.AssetKey], verdict: gate.Verdict, lake: Lake) -> Iterator[dg.AssetCheckResult]:
    """Give each asset the findings of its own table; what is red elsewhere in the gate stops them all."""
    page = lake.gx / poort / "gx" / "uncommitted" / "data_docs" / "local_site" / "index.html"
    for key in keys:
        own = [finding for finding in verdict.findings if key.path[-1] == finding.tabel.split("__")[-1]]
        yield dg.AssetCheckResult(
            check_name=f"poort_{poort}",
            asset_key=key,
            passed=verdict.passed,
            metadata={
                "verwachtingen": len(verdict.findings),
                "waarvan_op_deze_tabel": len(own),
                "rood": [f"{finding.tabel}.{finding.kolom}: {finding.verwachting}" for finding in verdict.red],
                "data_docs": dg.MetadataValue.path(str(page)),
            },
        )


@dg.multi_asset_check(
    name="poort_bronnen",
    specs=_specs("bronnen", bronnen.lake_keys(), "Wat in het meer ligt, is wat de contracten zeggen; niets ging verloren."),
)
def poort_bronnen(settings: dg.ResourceParam[Settings]) -> Iterator[dg.AssetCheckResult]:
    """Look at what the deliveries brought."""
    from expectations.suites import bronnen as suite

    lake = Lake.of(settings)
    yield from _results("bronnen", bronnen.lake_keys(), gate.run("bronnen", suite.tables(lake), lake), lake)


MART_KEYS = [dg.AssetKey(["kern", table]) for table in GUARDED_MARTS] + [dg.AssetKey(["jaarverslag", "kerncijfers"])]


@dg.multi_asset_check(name="poort_warehouse", specs=_specs("warehouse", MART_KEYS, "Het magazijn van vannacht is als geheel aannemelijk."))
def poort_warehouse(settings: dg.ResourceParam[Settings]) -> Iterator[dg.AssetCheckResult]:
    """Look at the warehouse before it is swapped in."""
    from expectations.suites import warehouse as suite

    lake = Lake.of(settings)
    yield from _results("warehouse", MART_KEYS, gate.run("warehouse", suite.tables(lake.warehouse_build), lake), lake)


@dg.multi_asset_check(
    name="poort_publicatie",
    specs=_specs(
        "publicatie", [jaarverslag.CANDIDATE], "Wat gepubliceerd gaat worden is volledig, telt op en zegt van zichzelf wat waar is."
    ),
)
def poort_publicatie(settings: dg.ResourceParam[Settings]) -> Iterator[dg.AssetCheckResult]:
    """Look at the release before readers see it."""
    from expectations.suites import publicatie as suite

    lake = Lake.of(settings)
    tables = suite.tables(lake.candidate_of("intern"), lake.warehouse_current, settings.gemeenten)
    yield from _results("publicatie", [jaarverslag.CANDIDATE], gate.run("publicatie", tables, lake), lake)


@dg.multi_asset_check(
    name="poort_openbaar",
    specs=_specs(
        gate.OPENBAAR,
        [jaarverslag.CANDIDATE_OPENBAAR],
        "Wat openbaar wordt is volledig, telt op, en heeft geen cijfer waar het is achtergehouden.",
    ),
)
def poort_openbaar(settings: dg.ResourceParam[Settings]) -> Iterator[dg.AssetCheckResult]:
    """Look at what everybody will see."""
    from expectations.suites import publicatie as suite

    lake = Lake.of(settings)
    threshold = settings.suppression_threshold
    tables = suite.tables(lake.candidate_of("openbaar"), lake.warehouse_current, settings.gemeenten, threshold=threshold)
    yield from _results(gate.OPENBAAR, [jaarverslag.CANDIDATE_OPENBAAR], gate.run(gate.OPENBAAR, tables, lake), lake)


def build() -> list[dg.AssetChecksDefinition]:
    """All checks of this module."""
    return [poort_bronnen, poort_warehouse, poort_publicatie, poort_openbaar]
