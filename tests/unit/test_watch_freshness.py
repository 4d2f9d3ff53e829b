"""Freshness in Dagster: the policy of a source is that of its contract, and a night materialises its deliveries when it accepts one."""

from datetime import timedelta

import dagster as dg
import pytest
from leveringen import Landing, melding

from orchestration.defs import bronnen, lake_run


@pytest.mark.parametrize(("bron", "hours"), [("duo", 36), ("carel", 36), ("monitor", 106 * 24)])
def test_the_policy_is_that_of_the_contract_unless_a_setting_has_another(landing: Landing, bron: str, hours: int):
    policy = bronnen.landing_spec(bron, landing.settings()).freshness_policy
    assert policy == dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=hours))
    weekly = bronnen.landing_spec(bron, landing.settings(delivery_days=f"{bron}=7")).freshness_policy
    assert weekly != policy and weekly is not None
    assert bronnen.landing_spec(bron, landing.settings(delivery_days=f"{bron}=0")).freshness_policy is None


def test_a_night_materialises_the_deliveries_of_a_source_only_when_it_accepts_one(landing: Landing):
    landing.meldingen("goed", [melding(1)])
    landing.write("fout", {"verzuimmeldingen.csv": b"MELDINGSNUMMER\nM1\n"}, kennisdatum="2025-03-04T02:00:00+01:00")
    settings = landing.settings()

    def night() -> list[str]:
        resources = {"lake_run": lake_run.resource(settings)}
        with dg.DagsterInstance.ephemeral() as instance:
            result = dg.materialize([bronnen.source_assets("duo")], resources=resources, instance=instance)
            found = instance.fetch_materializations(bronnen.landing_key("duo"), limit=10).records
        assert result.success
        return [str(record.asset_materialization.metadata["levering"].value) for record in found if record.asset_materialization]

    assert night() == ["goed"]
    assert night() == []
