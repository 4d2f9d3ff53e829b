"""Builders for tests of the watch: runs, verdicts and deliveries of a lake, a clock, and channels that note what they get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from leveringen import Landing, melding

from expectations import verdict
from expectations.verdict import Finding, Verdict
from orchestration import clock, runs
from orchestration.outcome import Afloop
from orchestration.runs import Run
from orchestration.settings import Settings
from orchestration.watch.channels import Channel, Message, Sent

NIGHT = datetime(2025, 3, 4, 1, 0, tzinfo=UTC)
KENNISDATUM = "2025-03-03T02:00:00+01:00"
HOUR = timedelta(hours=1)


@dataclass
class Watched:
    """A lake, the time on its clock, and what each of its channels got."""

    landing: Landing
    now: datetime = NIGHT
    urls: str = "json://een/geheim,json://twee/geheim"
    broken: set[str] = field(default_factory=set)
    got: dict[str, list[Message]] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def lake(self):
        return self.landing.lake

    @property
    def settings(self) -> Settings:
        return self.landing.settings(alarm_urls=self.urls, **self.own)

    def run(self, afloop: Afloop | None = Afloop.GEPUBLICEERD, *, begon: datetime | None = None, **more: Any) -> Run:
        """Write the record of a run that began at this time and ends ten minutes later, and set the clock to its end."""
        began = begon or self.now
        self.now = began + timedelta(minutes=10)
        ended = None if afloop is None else self.now
        made = Run(run=began.strftime("%d%H%M%S"), taak="nacht", begon=began, eindigde=ended, afloop=afloop, **more)
        runs.write(self.lake, made)
        return made

    def red(self, poort: str = "warehouse", regel: str = "begint niet na vandaag", **more: Any) -> Verdict:
        """Write the verdict of a red gate."""
        finding = Finding(poort, regel, "melding", "datum_begin", verdict.CRITICAL, geslaagd=False, gezien=9, afwijkend=3, **more)
        made = Verdict(poort, (finding,), "0" * 64, op=self.now.isoformat(timespec="seconds"))
        verdict.write(made, self.lake)
        return made

    def refuse(self, name: str, **more: Any) -> None:
        """Deliver and refuse: a column is missing."""
        self.landing.meldingen(name, [{key: value for key, value in melding(1).items() if key != "BSN"}], **more)
        self.landing.write(name, {"verzuimmeldingen.csv": b"MELDINGSNUMMER\nM1\n"}, **more)
        (entry,) = self.landing.ingest()
        assert entry.oordeel == "geweigerd", entry

    def accept(self, name: str, kennisdatum: str = KENNISDATUM) -> None:
        """Deliver and accept."""
        self.landing.meldingen(name, [melding(len(name), UREN=str(hash(name) % 90 + 1))], kennisdatum=kennisdatum)
        (entry,) = self.landing.ingest()
        assert entry.oordeel == "geaccepteerd", entry

    def send(self, messages: Mapping[Channel, Sequence[Message]]) -> dict[Channel, Sent]:
        """Take the place of `channels.send`."""
        sent = {}
        for channel, given in messages.items():
            works = channel.naam not in self.broken
            self.got.setdefault(channel.naam, []).extend(given if works else [])
            sent[channel] = Sent(len(given), "") if works else Sent(0, "het is niet bereikbaar of weigert")
        return sent

    def titles(self, channel: str = "json (1)") -> list[str]:
        """Return the titles that a channel got since the last time, and forget them."""
        return [message.title.removeprefix("leerplicht: ") for message in self.got.pop(channel, [])]


@pytest.fixture
def watched(tmp_path, monkeypatch) -> Watched:
    """A lake that was just made, with channels that do not leave the process."""
    made = Watched(Landing(tmp_path))
    made.lake.landing.mkdir(parents=True)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    monkeypatch.setattr("orchestration.watch.channels.send", made.send)
    return made
