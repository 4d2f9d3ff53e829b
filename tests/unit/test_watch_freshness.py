"""Freshness in Dagster: the policy of a source is that of its contract, and a night materialises its deliveries when it accepts one."""

from datetime import datetime, timedelta

import dagster as dg
import pytest
from leveringen import Landing, melding, to_csv

from expectations.contract import BRONNEN
from orchestration.defs import bronnen, lake_run
from orchestration.deliveries import ledger
from orchestration.example import others
from orchestration.watch import freshness


@pytest.mark.parametrize(("bron", "hours"), [("duo", 36), ("carel", 36), ("monitor", 106 * 24), ("vergelijking", 457 * 24)])
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


def test_a_lake_that_never_had_a_source_does_not_wait_for_it_and_one_that_had_it_does(landing: Landing):
    def of(bron: str) -> freshness.Freshness:
        return dict(zip(BRONNEN, freshness.of(ledger.read(landing.lake), landing.settings()), strict=True))[bron]

    later = datetime.fromisoformat("2040-01-01T00:00:00+01:00")
    landing.meldingen("goed", [melding(1)])
    landing.ingest("duo")
    assert of("duo").is_late(later)
    assert not of("vergelijking").is_late(later) and of("vergelijking").verwacht is None
    row = {"BRON": "DUO", "PEILJAAR": "2023", "PUBLICATIEDATUM": "2024-03-01", "GEBIED_SOORT": "land", "GEBIED_CODE": "NL"}
    row |= {"INDICATOR": next(iter(others.PRINTED)), "WAARDE": "1,8", "LICENTIE": "niet vermeld", "VINDPLAATS": "DUO, cijfers 2024"}
    moment = "2025-07-01T09:00:00+02:00"
    landing.write("a", {"v.csv": to_csv([row])}, bron="vergelijking", entiteit="vergelijkingscijfer", aard="volledig", kennisdatum=moment)
    landing.ingest("vergelijking")
    last_day = datetime.fromisoformat(moment) + timedelta(days=365 + 92)
    assert not of("vergelijking").is_late(last_day) and of("vergelijking").is_late(last_day + timedelta(seconds=1))
