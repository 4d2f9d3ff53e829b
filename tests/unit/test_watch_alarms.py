"""Alarms: one per root cause, each once over each channel, from data; a dead channel loses nothing."""

import errno
import json
from datetime import timedelta

import pytest
from leveringen import bsn
from watched import HOUR, KENNISDATUM, NIGHT, Watched, watched

from orchestration import change, runs
from orchestration.lake import Lake
from orchestration.lake.files import replace_link
from orchestration.outcome import Afloop
from orchestration.watch import alarms, causes, healthcheck, run_ended, state

__all__ = ["watched"]

DAY = timedelta(days=1)
RUN, GATE, DIED = "de nacht is mislukt", "een poort keurt de gegevens af", "een run is afgebroken"
SILENCE, REFUSED, LATE = "er is niets gepubliceerd", "een levering is geweigerd", "een bron is te laat"


def ends(watched: Watched, run: runs.Run) -> list[str]:
    """End a run, and return the titles that both channels got."""
    warnings = run_ended(watched.lake, watched.settings, run)
    assert warnings == []
    one, two = watched.titles("json (1)"), watched.titles("json (2)")
    assert one == two
    return one


def checks(watched: Watched) -> list[str]:
    """Let a timer check, and return the titles."""
    _, warnings = healthcheck(watched.lake, watched.settings)
    assert warnings == []
    watched.titles("json (2)")
    return watched.titles("json (1)")


def test_a_good_night_gives_no_alarm(watched: Watched):
    assert ends(watched, watched.run()) == []
    assert checks(watched) == []


@pytest.mark.parametrize(
    "afloop", [Afloop.MISLUKT, Afloop.INSTELLING, Afloop.SCHIJF, Afloop.FOUT, Afloop.POORT_ROOD, Afloop.GEWEIGERD, Afloop.BESCHADIGD]
)
def test_each_bad_ending_gives_one_alarm_and_its_end_one(watched: Watched, afloop: Afloop):
    watched.run()
    for number in range(3):  # the same cause, three nights
        watched.now += DAY
        run = watched.run(afloop, stap="magazijn bouwen", reden="iets")
        titles = ends(watched, run)
        assert titles == ([("een bestand is beschadigd" if afloop is Afloop.BESCHADIGD else RUN)] if number == 0 else [])
    watched.now += DAY
    (title,) = ends(watched, watched.run())
    assert title.startswith("opgelost: ")
    watched.now += DAY
    assert ends(watched, watched.run()) == []
    assert alarms.remembered(watched.lake).oorzaken == {}


def test_a_red_gate_is_one_alarm_that_names_the_rule_and_not_a_figure(watched: Watched):
    watched.run()
    watched.now += DAY
    watched.red("publicatie", waar=("kerncijfers.csv, rij 3: 17",))
    run = watched.run(Afloop.POORT_ROOD, begon=watched.now, stap="poort: publicatie", reden="de poort publicatie is rood: …")
    watched.now += 20 * HOUR
    run_ended(watched.lake, watched.settings, run)
    (message,) = watched.got["json (1)"]
    assert message.title == f"leerplicht: {GATE}"
    assert "publicatie keurt de gegevens af: melding.datum_begin: begint niet na vandaag (3 afwijkend)" in message.body
    assert "17" not in message.body
    assert "4 maart 2025" in message.body, "which figures readers have"


def test_another_rule_that_turns_red_is_told_and_a_rule_less_is_not(watched: Watched):
    watched.run()

    def night(*rules: str) -> list[str]:
        watched.now += DAY
        made = [watched.red(regel=rule) for rule in rules]
        from dataclasses import replace

        from expectations import verdict

        verdict.write(replace(made[-1], findings=tuple(one.findings[0] for one in made)), watched.lake)
        return ends(watched, watched.run(Afloop.POORT_ROOD, stap="poort: magazijn", reden="rood"))

    assert night("a") == [GATE]
    assert night("a", "b") == [GATE]
    assert night("b") == []
    assert night("a") == []


def test_a_verdict_of_an_earlier_run_is_not_the_cause_of_this_one(watched: Watched):
    watched.run()
    watched.red()
    watched.now += DAY
    run = watched.run(Afloop.POORT_ROOD, stap="magazijn bouwen", reden="dbt: …")
    assert ends(watched, run) == [RUN]


def test_another_error_in_the_same_step_is_another_alarm_but_a_full_disk_stays_one(watched: Watched):
    watched.run()
    for afloop, titles in ((Afloop.FOUT, [RUN]), (Afloop.SCHIJF, [])):
        assert ends(watched, watched.run(afloop, stap="s", reden="a.py:1")) == [RUN]
        assert ends(watched, watched.run(afloop, stap="s", reden="b.py:2")) == titles


def test_a_refused_delivery_is_not_also_a_late_source_nor_with_strict_a_failed_run(watched: Watched):
    watched.accept("a")
    watched.run()
    watched.now = NIGHT + DAY
    watched.refuse("20250305T020000", kennisdatum="2025-03-05T02:00:00+01:00")
    run = watched.run(Afloop.GEWEIGERD, begon=watched.now, stap="s", reden="een geweigerde levering houdt de publicatie tegen")
    watched.now += 20 * HOUR
    run_ended(watched.lake, watched.settings, run)
    (message,) = watched.got["json (1)"]
    assert message.title == f"leerplicht: {REFUSED}"
    assert "Van DUO is 1 levering geweigerd (kolom_ontbreekt; 20250305T020000)" in message.body


def test_deliveries_with_one_fault_are_one_alarm_and_one_more_is_told(watched: Watched):
    for number in (1, 2, 3):
        watched.refuse(f"x{number}", kennisdatum=f"2025-03-03T0{number}:00:00+01:00")
    assert ends(watched, watched.run()) == [REFUSED]
    assert ends(watched, watched.run()) == []
    watched.refuse("x4", kennisdatum="2025-03-03T04:00:00+01:00")
    assert ends(watched, watched.run()) == [REFUSED]


def test_a_late_source_is_noticed_by_the_timer_within_its_time_and_only_if_it_ever_delivered(watched: Watched):
    watched.accept("a")
    watched.own = {"alarm_hours": 1000}
    watched.run()
    assert ends(watched, watched.run()) == []
    delivered = NIGHT - DAY
    watched.now = delivered + DAY + 12 * HOUR
    assert checks(watched) == []
    watched.now += timedelta(minutes=1)
    assert checks(watched) == [LATE]
    assert checks(watched) == []
    watched.accept("bb", "2025-03-04T02:00:00+01:00")
    assert checks(watched) == [f"opgelost: {LATE}"]
    watched.now += 30 * DAY
    watched.own |= {"delivery_days": "duo=0"}
    assert checks(watched) == []


def test_a_night_that_never_began_is_noticed_at_the_first_check_after_26_hours(watched: Watched):
    watched.run()
    last = watched.now
    noticed = []
    while not noticed and watched.now < last + 40 * HOUR:
        watched.now += HOUR
        noticed = checks(watched)
    assert (noticed, watched.now - last) == ([SILENCE], 27 * HOUR)
    for _ in range(30):
        watched.now += HOUR
        assert checks(watched) == []
    assert ends(watched, watched.run()) == [f"opgelost: {SILENCE}"]


def test_a_night_that_failed_is_no_silence_until_the_next_one_does_not_begin(watched: Watched):
    watched.run()
    watched.now += DAY
    assert ends(watched, watched.run(Afloop.FOUT, stap="s", reden="x")) == [RUN]
    watched.now += 10 * HOUR
    assert checks(watched) == []
    watched.now += DAY
    assert checks(watched) == [SILENCE]


def test_a_part_that_someone_materialises_says_nothing_about_the_night(watched: Watched):
    watched.run()
    assert ends(watched, watched.run(Afloop.FOUT, stap="s", reden="x")) == [RUN]
    assert ends(watched, watched.run(Afloop.KLAAR)) == []
    assert ends(watched, watched.run(Afloop.BEZET)) == []
    assert ends(watched, watched.run()) == [f"opgelost: {RUN}"]


def test_a_run_that_died_is_told_by_the_timer_or_by_the_next_run_and_once(watched: Watched, monkeypatch):
    watched.run()
    watched.run(None)
    monkeypatch.setattr(Lake, "is_held", True)
    assert checks(watched) == [], "it is busy"
    monkeypatch.setattr(Lake, "is_held", False)
    assert checks(watched) == [DIED]
    assert checks(watched) == []
    runs.mark_died(watched.lake, watched.now)
    assert ends(watched, watched.run()) == [f"opgelost: {DIED}"]
    watched.run(None)
    runs.mark_died(watched.lake, watched.now)
    run_ended(watched.lake, watched.settings, watched.run())
    (message,) = watched.got["json (1)"]
    assert message.title == f"leerplicht: {DIED}" and "De run daarna is goed geëindigd." in message.body
    watched.got.clear()
    assert checks(watched) == [] and ends(watched, watched.run()) == [] and ends(watched, watched.run()) == []
    assert alarms.remembered(watched.lake).oorzaken == {}


def test_a_run_that_hangs_is_one_alarm(watched: Watched, monkeypatch):
    watched.run()
    watched.run(None)
    monkeypatch.setattr(Lake, "is_held", True)
    began = watched.now - timedelta(minutes=10)
    watched.now = began + 4 * HOUR
    assert checks(watched) == []
    watched.now += timedelta(minutes=1)
    assert checks(watched) == ["een run duurt te lang"]
    watched.now += 2 * DAY
    assert checks(watched) == [], "the silence is its consequence"


def test_a_release_that_was_altered_is_told_until_it_is_removed(watched: Watched):
    place = watched.lake.set_aside / "intern" / "20250303T010000Z-abc@20250304T010000.0Z"
    place.mkdir(parents=True)
    assert ends(watched, watched.run()) == ["een release was veranderd"]
    assert ends(watched, watched.run()) == []
    place.rmdir()
    assert ends(watched, watched.run()) == ["opgelost: een release was veranderd"]


def test_that_analysts_still_open_who_was_removed_is_told_beside_what_holds_the_night_back(watched: Watched, monkeypatch):
    gone = "verwijderde personen staan nog in het magazijn"
    first, second = (watched.lake.warehouse_night(f"2025030{day}T010000.000000Z") for day in (3, 5))
    for night in (first, second):
        night.parent.mkdir(parents=True)
        night.touch()
    replace_link(watched.lake.warehouse_current, first)
    assert ends(watched, watched.run()) == []
    with change.changing(watched.lake) as made:
        made.note(op=watched.now.isoformat(), wat="verlopen", door="", omdat="")
    busy = watched.run(None)
    with monkeypatch.context() as held:
        held.setattr(Lake, "is_held", True)
        assert checks(watched) == [], "the run that is busy may replace it"
    assert ends(watched, watched.run(Afloop.FOUT, begon=busy.begon, stap="magazijn bouwen", reden="iets")) == [RUN, gone]
    assert checks(watched) == []
    replace_link(watched.lake.warehouse_current, second)
    assert ends(watched, watched.run()) == [f"opgelost: {RUN}", f"opgelost: {gone}"]


def test_damage_is_one_alarm_of_the_timer_and_of_the_run(watched: Watched):
    watched.accept("a")
    watched.run()
    (entry,) = (watched.lake.ledger / "duo").glob("*.json")
    entry.write_bytes(entry.read_bytes().replace(b"geaccepteerd", b"geweigerd"))
    assert checks(watched) == ["een bestand is beschadigd"]
    assert ends(watched, watched.run(Afloop.BESCHADIGD, stap="duo lezen", reden="het grootboek is beschadigd: …")) == []
    assert checks(watched) == []


def test_a_dead_channel_is_told_over_the_other_and_gets_all_later(watched: Watched):
    watched.run()
    watched.broken = {"json (1)"}
    run = watched.run(Afloop.FOUT, stap="s", reden="x")
    (warning,) = run_ended(watched.lake, watched.settings, run)
    assert "json (1)" in warning and "geheim" not in warning
    assert watched.titles("json (2)") == [RUN, "een kanaal voor alarmen werkt niet"]
    assert not watched.titles("json (1)")
    (warning,) = run_ended(watched.lake, watched.settings, run)
    assert watched.titles("json (2)") == [], "held back"
    shown = json.loads(watched.lake.status_document.read_text())
    assert shown["kanalen"] == {"ingesteld": 2, "mislukt": [warning.partition(" De alarmen")[0]]}
    watched.broken = set()
    assert run_ended(watched.lake, watched.settings, run) == []
    assert watched.titles("json (1)") == [RUN, "opgelost: een kanaal voor alarmen werkt niet"]
    assert watched.titles("json (2)") == ["opgelost: een kanaal voor alarmen werkt niet"]
    assert ends(watched, watched.run()) == [f"opgelost: {RUN}"]


def test_an_alarm_that_was_over_before_a_channel_worked_again_still_reaches_it(watched: Watched):
    watched.broken = {"json (1)", "json (2)"}
    assert len(run_ended(watched.lake, watched.settings, watched.run(Afloop.FOUT, stap="s", reden="x"))) == 2
    assert len(run_ended(watched.lake, watched.settings, watched.run())) == 2
    watched.broken = set()
    titles = [title for title in ends(watched, watched.run()) if "kanaal" not in title]
    assert titles == [f"opgelost: {RUN}"]
    assert ends(watched, watched.run()) == []


def test_what_was_sent_survives_in_a_file_that_holds_no_address(watched: Watched):
    ends(watched, watched.run(Afloop.FOUT, stap="s", reden="x"))
    assert watched.lake.alarms.is_file()
    assert "geheim" not in watched.lake.alarms.read_text() and "://" not in watched.lake.alarms.read_text()
    assert "json://" not in repr(watched.settings) + str(watched.settings.model_dump()) + watched.settings.model_dump_json()
    watched.lake.alarms.write_text("kapot")
    assert ends(watched, runs.read(watched.lake)[-1]) == [RUN], "a damaged memory counts as none"


def test_a_full_disk_holds_no_alarm_back_and_repeats_none(watched: Watched, monkeypatch):
    assert ends(watched, watched.run()) == []
    run = watched.run(Afloop.SCHIJF, stap="s", reden="x")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(alarms, "replace_bytes", full)
    monkeypatch.setattr("orchestration.lake.replace_bytes", full)
    for titles in ([RUN], []):
        (warning,) = run_ended(watched.lake, watched.settings, run)
        assert warning == "status.html en status.json zijn niet geschreven (No space left on device)"
        assert watched.titles() == titles


def test_no_fault_of_the_watch_reaches_the_run(watched: Watched, monkeypatch):
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("123456782")

    run = watched.run()
    for place in ("orchestration.watch.page.write", "orchestration.watch.alarms.tell", "orchestration.watch.state.read"):
        monkeypatch.setattr(place, breaks)
        (*_, warning) = run_ended(watched.lake, watched.settings, run)
        assert "RuntimeError" in warning and "123456782" not in warning


def test_a_look_back_tells_nobody(watched: Watched):
    looking = watched.settings.model_copy(update={"known_at": NIGHT})
    assert run_ended(Lake.of(looking), looking, watched.run(Afloop.FOUT)) == []
    assert not watched.got and not watched.lake.status_page.exists()


def test_a_lake_that_is_gone_is_told_and_not_made(watched: Watched):
    gone = watched.lake.root.with_name("weg")
    shown, warnings = healthcheck(Lake(gone), watched.settings)
    assert not shown["in_orde"] and not gone.exists()
    assert watched.titles() == [SILENCE] and "niet te bewaren" in warnings[-1]


def test_no_message_has_a_number_of_a_person_or_a_delivered_name(watched: Watched):
    name, number = "Verzuim van Jansen", bsn(12_345_678)
    watched.refuse(name, kennisdatum=KENNISDATUM)
    watched.red(waar=(f"{number}",))
    reden = f"duo lezen: Permission denied: /meer/landing/duo/{name}/{number}.csv"
    for run in (watched.run(Afloop.POORT_ROOD, stap="s", reden=reden), watched.run(Afloop.FOUT, stap="s", reden=reden)):
        run_ended(watched.lake, watched.settings, run)
    told = json.dumps([[message.title, message.body] for message in watched.got["json (1)"]])
    assert len(watched.got["json (1)"]) >= 2
    for canary in (number, "Jansen", "landing"):
        assert canary not in told + watched.lake.alarms.read_text(), canary
    for path in (watched.lake.status_page, watched.lake.status_document):
        assert number not in path.read_text()


def test_every_kind_of_cause_and_every_bad_ending_has_its_words():
    assert set(causes.WORDS) == set(causes.Soort)
    assert {afloop for afloop in Afloop if not afloop.is_good} - {Afloop.BEZET} == set(causes.ENDINGS)


def test_an_unreadable_part_is_a_cause_and_hides_no_other(watched: Watched, monkeypatch):
    watched.run(Afloop.FOUT, stap="s", reden="x")

    def refuses(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("orchestration.watch.state.ledger.read", refuses)
    found = causes.standing(state.read(watched.lake, watched.settings), 26)
    assert [cause.soort for cause in found] == [causes.Soort.ONLEESBAAR, causes.Soort.RUN]
