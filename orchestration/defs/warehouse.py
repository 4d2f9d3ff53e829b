"""The warehouse as assets: every dbt model and seed, and the file that analysts open. One step builds them all.

The step builds a file of its own run, validates it with dbt's tests and the gate, and only then moves it into place. A file holds all
tables, so it cannot be materialised in part: selecting one table builds all of them, validated as a whole.

dbt runs in this process through `orchestration.warehouse`: dagster-dbt's own runner starts a second process, 14 to 20 seconds for a project
of this size against 2 here. So dbt's results are mapped here. Each model has one check for all its dbt tests: Dagster stores each event
separately, and a check for every single test took longer than the tests.

Put here: that step, and the warning about the finished file. Keep out: building the warehouse, and the expectations of the gate.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, build_dbt_asset_specs

from expectations import gate
from orchestration.defs import bronnen, gates
from orchestration.defs.lake_run import LakeRun
from orchestration.errors import is_about_disk
from orchestration.lake.files import remove
from orchestration.outcome import Afloop
from orchestration.warehouse import build, dictionary, nights

CURRENT = dg.AssetKey(["warehouse", "current"])
GATED_TABLES = ("jongere", "plichtige", "melding", "interventie", "incident", "vrijstelling", "absoluut_verzuim")
GATED = [*(dg.AssetKey(["kern", table]) for table in GATED_TABLES), dg.AssetKey(["jaarverslag", "kerncijfers"])]
UNIQUE_ID = "dagster_dbt/unique_id"
TESTS = "dbt_tests"


class Translator(DagsterDbtTranslator):
    """Maps dbt's nodes to asset keys of the graph: `<schema>/<model>`, and a source to the asset that fills it."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return schema and name of a model; for a source the asset of its entiteit, or the ledger."""
        if dbt_resource_props["resource_type"] != "source":
            return dg.AssetKey([str(dbt_resource_props["schema"]), str(dbt_resource_props["alias"])])
        name = str(dbt_resource_props["name"])
        bron, _, entiteit = name.partition("__")
        return bronnen.lake_key(bron, entiteit) if entiteit else bronnen.LEDGER

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Group by schema."""
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002 – dagster-dbt's signature
        """Return the team that owns all models."""
        return bronnen.OWNERS


def warehouse(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """Return the step that builds the warehouse, with all its assets and checks.

    Args:
        manifest: dbt's manifest, from `orchestration.warehouse.build.parse`.
    """
    translator = Translator(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))
    models = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=translator)
    keys = {str(spec.metadata[UNIQUE_ID]): spec.key for spec in models}
    tested = _tested(manifest, keys)

    @dg.multi_asset(
        name="magazijn",
        specs=[*models, _current(sorted(keys.values()))],
        check_specs=[
            *(dg.AssetCheckSpec(TESTS, asset=key, blocking=True, description=_listed(manifest, tests)) for key, tests in tested.items()),
            *gates.specs("warehouse", GATED),
        ],
        can_subset=True,
    )
    def magazijn(context: dg.AssetExecutionContext, lake_run: dg.ResourceParam[LakeRun]) -> Iterator[Any]:
        from expectations.suites import warehouse as suite

        with lake_run.step("magazijn bouwen") as lake:
            sources = gate.read("bronnen", lake)
            sources.require(lake.ledger)
            results = build.build(lake_run.settings, lake.warehouse_build)
        outcomes = {result.unique_id: result for result in results}
        _refuse(lake_run, [result for result in results if result.status == "error" and result.unique_id in keys])
        for key, tests in tested.items():
            if dg.AssetCheckKey(key, TESTS) in context.selected_asset_check_keys:
                yield _check(key, [outcomes[test] for test in tests if test in outcomes])
        _refuse(lake_run, [result for result in results if result.status in ("error", "fail")])
        with lake_run.step("poort: magazijn") as lake:
            tables = suite.tables(lake.warehouse_build, lake.birth_dates_build, lake_run.memory)
            remove(lake.birth_dates_build)
            verdict = gate.run("warehouse", tables, lake, lake.warehouse_build, after=sources)
        yield from gates.results(verdict, GATED, context.selected_asset_check_keys, lake.quality_page)
        if not verdict.passed:
            lake_run.refuse(verdict.sentence)
        if not context.selected_asset_keys:  # only checks are selected: nothing changes for analysts
            return
        with lake_run.step("magazijn wisselen") as lake:
            path = nights.swap(lake, verdict)
            dictionary.write(lake, manifest)
        made = {keys[result.unique_id]: _metadata(result) for result in results if result.unique_id in keys}
        made[CURRENT] = {"bestand": dg.MetadataValue.path(str(path)), "bytes": path.stat().st_size}
        for key, metadata in made.items():
            if key in context.selected_asset_keys:
                yield dg.MaterializeResult(asset_key=key, metadata=metadata)
            else:  # not selected, but built as well
                context.log_event(dg.AssetMaterialization(key, metadata=metadata))

    return magazijn


def _refuse(lake_run: LakeRun, failed: Sequence[build.Result]) -> None:
    """Fail the run if anything failed: first for tables that were not built, then for the tests that could not read them."""
    if failed:
        reason = "dbt: " + "; ".join(map(_sentence, failed))
        is_broken = any(result.status == "error" for result in failed)  # otherwise tests are red
        lake_run.refuse(reason, Afloop.SCHIJF if is_about_disk(reason) else Afloop.MISLUKT if is_broken else Afloop.POORT_ROOD)


def _current(tables: Sequence[dg.AssetKey]) -> dg.AssetSpec:
    return dg.AssetSpec(
        CURRENT,
        deps=[*tables, *bronnen.lake_keys(), bronnen.LEDGER],
        group_name="warehouse",
        kinds={"duckdb"},
        owners=bronnen.OWNERS,
        description="Het magazijn dat analisten openen: `warehouse/current.duckdb`, in één stap vervangen nadat de poort het goedkeurde.",
    )


def _tested(manifest: Mapping[str, Any], keys: Mapping[str, dg.AssetKey]) -> dict[dg.AssetKey, list[str]]:
    """Return the ids of the dbt tests of each asset; a singular test belongs to the last of the models that it reads."""
    tested: dict[dg.AssetKey, list[str]] = {}
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] == "test":
            model = node.get("attached_node") or next(name for name in reversed(node["depends_on"]["nodes"]) if name in keys)
            tested.setdefault(keys[model], []).append(unique_id)
    return tested


def _listed(manifest: Mapping[str, Any], tests: Sequence[str]) -> str:
    return "Alle dbt-toetsen van deze tabel: " + ", ".join(sorted(str(manifest["nodes"][test]["name"]) for test in tests))


def _check(key: dg.AssetKey, results: Sequence[build.Result]) -> dg.AssetCheckResult:
    wrong = [result for result in results if result.status != "pass"]
    severe = any(result.status != "warn" for result in wrong)
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=TESTS,
        passed=bool(results) and not wrong,
        severity=dg.AssetCheckSeverity.ERROR if severe or not results else dg.AssetCheckSeverity.WARN,
        description="; ".join(map(_sentence, wrong)) or None,
        metadata={"toetsen": len(results), "afwijkend": sum(result.failures or 0 for result in wrong)},
    )


def _sentence(result: build.Result) -> str:
    return f"{result.unique_id.split('.', 2)[-1]}: {result.message}"


def _metadata(result: build.Result) -> dict[str, Any]:
    rows = {} if result.rows is None else {"dagster/row_count": result.rows}
    return {"seconden": round(result.seconds, 2), **rows}


@dg.asset_check(
    name="eigen_cijfers_van_de_monitor",
    asset=CURRENT,
    description="De cijfers die de monitor zelf levert, naast de onze; een waarschuwing. `leerplicht reconcile` toont ze.",
)
def compare_with_monitor(lake_run: dg.ResourceParam[LakeRun]) -> dg.AssetCheckResult:
    """Warn if figures of the monitor differ from ours; names the figures, not the values."""
    from orchestration.publication import reconciliation
    from orchestration.warehouse import read

    with lake_run.step("eigen cijfers van de monitor") as lake, read.opened(lake) as connection:
        rows = reconciliation.compare_with_monitor(connection, lake_run.settings.suppression_threshold)
    deviating = [f"{row['indicator']}, {row['gemeente']}, {row['schooljaar']}" for row in rows if row["oordeel"] == "wijkt_af"]
    if deviating:
        told = f"{len(deviating)} eigen cijfers van de monitor wijken af van de onze; leerplicht reconcile toont ze"
        lake_run.warn("eigen cijfers van de monitor", told)
    return dg.AssetCheckResult(
        passed=not deviating,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={**Counter(str(row["oordeel"]) for row in rows), "welke_afwijken": deviating},
    )
