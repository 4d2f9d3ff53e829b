"""The dbt models as assets, their tests as checks, the swap that gives analysts the night's warehouse, and what the monitor says of it.

dbt runs in this process through `orchestration.warehouse`: dagster-dbt's own runner starts a second process, 14 to 20 seconds for a project
of this size against 2 here. So its events are mapped here, by the ids that dagster-dbt puts on assets and checks.

Put here: that mapping, and the warning about the finished file. Keep out: how the warehouse is built.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from orchestration.defs import bronnen
from orchestration.lake import Lake
from orchestration.settings import Settings

CURRENT = dg.AssetKey(["warehouse", "current"])
UNIQUE_ID = "dagster_dbt/unique_id"


class Translator(DagsterDbtTranslator):
    """Names dbt's nodes as the rest of the graph does: `<schema>/<model>`, and a source by the asset that fills it."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Give a model its schema and name; a source the asset of its entiteit, or the ledger."""
        if dbt_resource_props["resource_type"] != "source":
            return dg.AssetKey([str(dbt_resource_props["schema"]), str(dbt_resource_props["alias"])])
        name = str(dbt_resource_props["name"])
        bron, _, entiteit = name.partition("__")
        return bronnen.lake_key(bron, entiteit) if entiteit else bronnen.LEDGER

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Group by schema."""
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002 – dagster-dbt's signature
        """All models are kept by the same team."""
        return bronnen.OWNERS


def models(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """All models and seeds of the dbt project as assets.

    Args:
        manifest: dbt's manifest, prepared by `orchestration.warehouse.build.parse`.
    """

    @dbt_assets(
        manifest=manifest,
        name="warehouse_bouwen",
        dagster_dbt_translator=Translator(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)),
    )
    def build_models(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> Iterator[Any]:
        from orchestration.warehouse import build

        select = [_model_name(context, key) for key in context.selected_asset_keys] if context.is_subset else None
        results = build.build(settings, select=select)
        keys = {spec.metadata[UNIQUE_ID]: spec.key for spec in context.assets_def.specs if UNIQUE_ID in spec.metadata}
        checks = {spec.metadata[UNIQUE_ID]: spec.key for spec in context.assets_def.check_specs if UNIQUE_ID in spec.metadata}
        # materialisations first: a failed blocking check ends the step, and what was built should be on record
        for result in sorted(results, key=lambda result: result.unique_id in checks):
            if result.unique_id in keys and result.status == "success":
                metadata: dict[str, Any] = {"seconden": round(result.seconds, 2)}
                if result.rows is not None:
                    metadata["dagster/row_count"] = result.rows
                yield dg.MaterializeResult(asset_key=keys[result.unique_id], metadata=metadata)
            elif result.unique_id in checks and result.status in ("pass", "fail", "warn", "error"):
                check = checks[result.unique_id]
                yield dg.AssetCheckResult(
                    asset_key=check.asset_key,
                    check_name=check.name,
                    passed=result.status == "pass",
                    severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
                    metadata={"afwijkend": result.failures or 0},
                )
        failed = [result for result in results if result.status in ("error", "fail")]
        if failed:
            raise dg.Failure(
                "dbt: " + "; ".join(f"{result.unique_id.split('.', 2)[-1]}: {result.message}" for result in failed), allow_retries=False
            )

    return build_models


def _model_name(context: dg.AssetExecutionContext, key: dg.AssetKey) -> str:
    return str(context.assets_def.specs_by_key[key].metadata[UNIQUE_ID]).split(".")[-1]


def current(models: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """The warehouse that analysts open; it depends on every model, as the file holds them all.

    Args:
        models: The dbt models as assets.
    """

    @dg.asset(
        key=CURRENT,
        group_name="warehouse",
        kinds={"duckdb"},
        owners=bronnen.OWNERS,
        deps=sorted(models.keys),
        description="Het magazijn dat analisten openen: `warehouse/current.duckdb`, in één stap vervangen nadat de poort het goedkeurde.",
    )
    def swap_in(settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[None]:
        from orchestration.warehouse import nights

        path = nights.swap(Lake.of(settings))
        return dg.MaterializeResult(metadata={"bestand": dg.MetadataValue.path(str(path)), "bytes": path.stat().st_size})

    return swap_in


@dg.asset_check(
    name="eigen_cijfers_van_de_monitor",
    asset=CURRENT,
    description="De cijfers die de monitor zelf levert, naast de onze; een waarschuwing. `leerplicht reconcile` toont ze.",
)
def beside_monitor(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """Warn where the monitor counts otherwise; which figures, not how much."""
    from orchestration.publication import reconciliation

    rows = reconciliation.beside_monitor(Lake.of(settings).warehouse_current, settings.suppression_threshold)
    deviating = [f"{row['indicator']}, {row['gemeente']}, {row['schooljaar']}" for row in rows if row["oordeel"] == "wijkt_af"]
    return dg.AssetCheckResult(
        passed=not deviating,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={**Counter(str(row["oordeel"]) for row in rows), "welke_afwijken": deviating},
    )
