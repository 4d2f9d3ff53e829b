"""The sources as assets: one asset per entiteit in the lake, and the ledger of all deliveries.

Put here: the assets and their metadata. Keep out: validating and reading a delivery (`orchestration.deliveries`).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, get_args

import dagster as dg

from expectations import contract
from orchestration.defs.lake_run import LakeRun
from orchestration.outcome import Afloop
from orchestration.settings import Settings
from orchestration.watch import freshness

OWNERS = ["team:data-engineering"]
LEDGER = dg.AssetKey(["lake", "grootboek"])


def lake_key(bron: str, entiteit: str) -> dg.AssetKey:
    """Return the asset key of an entiteit's rows in the lake."""
    return dg.AssetKey(["lake", bron, entiteit])


def lake_keys() -> list[dg.AssetKey]:
    """Return the asset keys of all entiteiten, in the order of the contracts."""
    return [lake_key(bron, entiteit) for bron in contract.BRONNEN for entiteit in contract.load(bron).entities]


def landing_key(bron: str) -> dg.AssetKey:
    """Return the asset key of the original deliveries of a bron."""
    return dg.AssetKey(["landing", bron])


def landing_spec(bron: str, settings: Settings) -> dg.AssetSpec:
    """Return the external asset of the original deliveries of a bron, with how often one is expected.

    A night materialises it for each delivery that it accepts, so it is as fresh as the source. The entiteiten are materialised every night.
    """
    every, slack = freshness.agreed(bron, settings)
    return dg.AssetSpec(
        landing_key(bron),
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=every + slack) if every else None,
        group_name=bron,
        kinds={"file"},
        owners=OWNERS,
        description=f"Leveringen van {contract.load(bron).name} zoals ze binnenkomen, in `landing/{bron}/`.",
    )


def source_assets(bron: str) -> dg.AssetsDefinition:
    """Return the assets of a bron, with the step that reads its new deliveries into the lake."""
    agreed = contract.load(bron)
    specs = [
        dg.AssetSpec(
            lake_key(bron, entity.name),
            deps=[landing_key(bron)],
            group_name=bron,
            kinds={"parquet", "python"},
            owners=OWNERS,
            description=f"{entity.description} In het meer: {entity.grain}, alle versies, met pseudoniemen.",
            metadata={"contract": f"expectations/contracts/{bron}.odcs.yaml", "contractversie": agreed.version},
        )
        for entity in agreed.entities.values()
    ]

    @dg.multi_asset(name=f"{bron}_lezen", specs=specs, can_subset=True)
    def read(context: dg.AssetExecutionContext, lake_run: dg.ResourceParam[LakeRun]) -> Iterator[dg.MaterializeResult[None]]:
        from orchestration.deliveries import ingest, ledger

        with lake_run.step(f"{agreed.short_name} lezen") as lake:
            warn = partial(lake_run.warn, f"{agreed.short_name} lezen")
            entries, late = ingest.ingest(lake_run.settings, bron, context.run.run_id, warn=warn)
            for delivery in late:
                lake_run.log(f"{agreed.short_name} lezen", "uitgesteld", levering=delivery.levering, reden=delivery.reden)
                context.log.warning(f"levering {delivery.sentence}")
            new = {entry.levering for entry in entries}
            accepted = [entry for entry in ledger.read(lake, bron) if entry.accepted]
        for entry in entries:
            if entry.accepted:
                facts = {"levering": entry.levering, "kennisdatum": str(entry.kennisdatum)}
                context.log_event(dg.AssetMaterialization(landing_key(bron), metadata=facts))
        for entity in agreed.entities.values():
            parts = [(entry, part) for entry in accepted for part in entry.entiteiten if part.entiteit == entity.name]
            key = lake_key(bron, entity.name)
            metadata: dict[str, Any] = {
                "dagster/row_count": sum(part.geladen for _, part in parts),
                "leveringen": len(parts),
                "leveringen_nieuw": sum(entry.levering in new for entry, _ in parts),
                "afgewezen": sum(part.afgewezen for _, part in parts),
                "herhaald": sum(part.herhaald for _, part in parts),
                "uitgesteld": [delivery.sentence for delivery in late],
                "map": dg.MetadataValue.path(str(lake.rows / bron / entity.name)),
            }
            if key in context.selected_asset_keys:
                yield dg.MaterializeResult(asset_key=key, metadata=metadata)
            else:  # not selected, but materialised as well: a delivery is always read completely
                context.log_event(dg.AssetMaterialization(key, metadata=metadata))

    return read


def purge_expired(lake_run: LakeRun) -> None:
    """Purge what is past its period if every night does so; a look back changes nothing. After reading, and before the gate judges it."""
    settings = lake_run.settings
    if settings.purge == "elke_nacht" and settings.known_at is None:
        from orchestration.persons import hold, purge

        with lake_run.step("opschonen"):
            purge.purge(settings, hold.decide("de bewaartermijn is om", "leerplicht run"))


@dg.asset(
    key=LEDGER,
    deps=lake_keys(),
    group_name="leveringen",
    kinds={"json"},
    owners=OWNERS,
    description="Het grootboek: elke levering die ooit is gezien, met haar oordeel en haar tellingen.",
)
def grootboek(lake_run: dg.ResourceParam[LakeRun]) -> dg.MaterializeResult[None]:
    """Count the ledger by verdict."""
    from orchestration.deliveries import ledger, postponed

    with lake_run.step("grootboek bijwerken") as lake:
        entries = ledger.read(lake)
        late = postponed.read(lake)
    verdicts = {oordeel: sum(entry.oordeel == oordeel for entry in entries) for oordeel in get_args(ledger.Oordeel)}
    return dg.MaterializeResult(metadata={"dagster/row_count": len(entries), **verdicts, "uitgesteld": len(late)})


@dg.asset_check(
    name="geen_staande_weigering",
    asset=LEDGER,
    blocking=True,
    description="Geen geweigerde of uitgestelde levering die ontbreekt. Een waarschuwing; met LEERPLICHT_STRICT wordt niet gepubliceerd.",
)
def geen_weigering(lake_run: dg.ResourceParam[LakeRun]) -> dg.AssetCheckResult:
    """Report refused deliveries that have not been replaced yet, and deliveries that this night postponed."""
    from orchestration.deliveries import ledger, postponed, standing

    with lake_run.step("geweigerde leveringen nagaan") as lake:
        refused = standing.standing_refusals(ledger.read(lake))
        late = postponed.read(lake)
    listed = [f"{entry.bron}/{entry.levering} ({entry.code}): {entry.reden}" for entry in refused]
    listed += [delivery.sentence for delivery in late]
    kind = "geweigerde" if refused else "uitgestelde"
    strict = lake_run.settings.strict
    reason = f"een {kind} levering houdt de publicatie tegen (LEERPLICHT_STRICT): {'; '.join(listed)}" if listed else None
    if reason and strict:
        lake_run.block(reason, Afloop.GEWEIGERD)
    return dg.AssetCheckResult(
        passed=not listed,
        severity=dg.AssetCheckSeverity.ERROR if strict else dg.AssetCheckSeverity.WARN,
        description=reason,
        metadata={"geweigerd": listed[: len(refused)], "uitgesteld": listed[len(refused) :]},
    )


def build(settings: Settings) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Return all assets of this module."""
    return [
        *(landing_spec(bron, settings) for bron in contract.BRONNEN),
        *(source_assets(bron) for bron in contract.BRONNEN),
        grootboek,
    ]
