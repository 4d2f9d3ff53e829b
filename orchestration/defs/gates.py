"""The gates as Dagster asset checks: a red gate blocks everything downstream, and is shown on the assets that it covers.

Put here: mapping gates to assets, and the one gate that is a separate step. Keep out: the expectations of a gate (`expectations.suites`).
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import dagster as dg

from expectations import gate, suites
from orchestration.defs import bronnen
from orchestration.defs.lake_run import LakeRun


def specs(poort: str, keys: Sequence[dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    """Return the check of a gate for each asset that it covers.

    It is blocking, except for `openbaar`: that gate has no result on most nights, and Dagster warns if a blocking check has none.
    """
    blocking = poort != gate.OPENBAAR
    return [dg.AssetCheckSpec(f"poort_{poort}", asset=key, blocking=blocking, description=suites.POORTEN[poort]) for key in keys]


def results(
    verdict: gate.Verdict, keys: Sequence[dg.AssetKey], wanted: Collection[dg.AssetCheckKey], page: Path
) -> Iterator[dg.AssetCheckResult]:
    """Yield the check result of each asset: the findings on its own table, and those on no asset's table in particular.

    Args:
        verdict: The verdict of the gate.
        keys: The assets that the gate covers.
        wanted: The checks that are selected in this run.
        page: The HTML page of the gates.
    """
    for key in keys:
        own = [found for found in verdict.findings if found.about(key.path[-1]) or not any(found.about(other.path[-1]) for other in keys)]
        red = [found for found in own if found.is_red]
        if dg.AssetCheckKey(key, f"poort_{verdict.poort}") in wanted:
            yield dg.AssetCheckResult(
                check_name=f"poort_{verdict.poort}",
                asset_key=key,
                passed=not red,
                description=verdict.sentence if red else None,
                metadata={"verwachtingen": len(own), "rood": len(red), "kwaliteit": dg.MetadataValue.path(str(page))},
            )


@dg.multi_asset_check(
    name="poort_bronnen",
    specs=specs("bronnen", bronnen.lake_keys()),
    can_subset=True,
)
def poort_bronnen(context: dg.AssetCheckExecutionContext, lake_run: dg.ResourceParam[LakeRun]) -> Iterator[dg.AssetCheckResult]:
    """Validate the data of the deliveries; the warehouse is only built if this gate is green."""
    from expectations.suites import bronnen as suite

    bronnen.purge_expired(lake_run)
    with lake_run.step("poort: bronnen") as lake:
        verdict = gate.run("bronnen", suite.tables(lake, remembers=True, memory=lake_run.memory), lake, lake.ledger)
    if not verdict.passed:
        lake_run.block(verdict.sentence)
    yield from results(verdict, bronnen.lake_keys(), context.selected_asset_check_keys, lake.quality_page)
