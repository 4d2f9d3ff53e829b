"""The gates as Dagster's checks: what is red stops everything after it, and is shown on the assets that it is about.

Put here: which assets a gate is about, and the one gate that is a step of its own. Keep out: what a gate expects (`expectations.suites`).
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import dagster as dg

from expectations import gate, suites
from orchestration.defs import bronnen
from orchestration.defs.lake_run import LakeRun


def specs(poort: str, keys: Sequence[dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    """The check of a gate, on each asset that it is about.

    It blocks what comes after, but for that of `openbaar`: on most nights this has no result, which Dagster warns of when a check blocks.
    """
    blocking = poort != gate.OPENBAAR
    return [dg.AssetCheckSpec(f"poort_{poort}", asset=key, blocking=blocking, description=suites.POORTEN[poort]) for key in keys]


def results(
    verdict: gate.Verdict, keys: Sequence[dg.AssetKey], wanted: Collection[dg.AssetCheckKey], page: Path
) -> Iterator[dg.AssetCheckResult]:
    """Report a verdict: to each asset what was found about its own table, and what is about no asset's table in particular.

    Args:
        verdict: What the gate found.
        keys: The assets that the gate is about.
        wanted: The checks that this run reports.
        page: The page of the gates, for people.
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
    """Check what the deliveries brought; the warehouse is only built from what this gate found green."""
    from expectations.suites import bronnen as suite

    with lake_run.step("poort: bronnen") as lake:
        verdict = gate.run("bronnen", suite.tables(lake), lake, lake.ledger)
    yield from results(verdict, bronnen.lake_keys(), context.selected_asset_check_keys, lake.quality_page)
