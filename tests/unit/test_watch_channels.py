"""Real channels on loopback: an SMTP server and an HTTP listener get each alarm once; one that hangs or is gone does not hold a run up."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from leveringen import Landing
from typer.testing import CliRunner
from watched import Watched

from orchestration import clock
from orchestration.cli import app
from orchestration.outcome import Afloop
from orchestration.settings import Settings
from orchestration.watch import channels, run_ended
from orchestration.watch.channels import Channel, Message

SECRET = "wachtwoord-5f2a"


class Mailbox:
    """Keeps the subject and the text of each mail."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.got.append((str(mail["subject"]), mail.get_body(("plain",)).get_content()))
        return "250 OK"


@contextmanager
def smtp() -> Iterator[tuple[str, Mailbox]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield f"mailto://127.0.0.1:{port}?mode=insecure&from=nacht@example.nl&to=beheer@example.nl", box
    finally:
        server.stop()


@contextmanager
def http() -> Iterator[tuple[str, list[dict[str, str]]]]:
    got: list[dict[str, str]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/alarm", got
    finally:
        server.shutdown()


@contextmanager
def hanging() -> Iterator[str]:
    """A server that takes a connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"mailto://127.0.0.1:{server.getsockname()[1]}?mode=insecure&from=a@example.nl&to=b@example.nl&cto=600&rto=600"


@pytest.fixture
def real(tmp_path, monkeypatch) -> Watched:
    made = Watched(Landing(tmp_path))
    made.lake.landing.mkdir(parents=True)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


def test_mail_and_webhook_get_each_alarm_once_and_a_dead_channel_is_told(real: Watched):
    with smtp() as (mail, box), http() as (web, posted):
        real.urls = f"{mail}, {web} json://:{SECRET}@127.0.0.1:9/"
        real.red()
        run = real.run(Afloop.POORT_ROOD, stap="poort: magazijn", reden="rood")
        for _ in range(2):
            (warning,) = run_ended(real.lake, real.settings, run)
            assert "json (3)" in warning and SECRET not in warning
    titles = ["leerplicht: een poort keurt de gegevens af", "leerplicht: een kanaal voor alarmen werkt niet"]
    assert [subject for subject, _ in box.got] == titles
    assert [message["title"] for message in posted] == titles
    assert "melding.datum_begin: begint niet na vandaag (3 afwijkend)" in box.got[0][1]
    assert "Wat te doen: open werk/kwaliteit.html" in posted[0]["message"]
    assert SECRET not in str(box.got) + str(posted) + real.lake.alarms.read_text() + real.lake.status_document.read_text()


def test_a_server_that_hangs_costs_some_seconds_and_not_the_other_channel():
    with hanging() as url, http() as (web, posted):
        slow, good = Channel("mailto (1)", url), Channel("json (2)", web)
        began = time.monotonic()
        found = channels.send({slow: [Message("t", "b")], good: [Message("t", "b")]}, seconds=4)
        assert time.monotonic() - began < channels.STARTING + 4
    assert found[good] == channels.Sent(1, "") and len(posted) == 1
    assert found[slow] == channels.Sent(0, "er kwam op tijd geen antwoord")


def test_the_trial_says_of_each_channel_whether_it_works(tmp_path, monkeypatch):
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "geen-meer"))
    assert CliRunner().invoke(app, ["alarm", "--test"]).exit_code == 1
    with http() as (web, posted):
        monkeypatch.setenv("LEERPLICHT_ALARM_URLS", web)
        good = CliRunner().invoke(app, ["alarm", "--test"])
        assert (good.exit_code, good.stdout) == (0, "json (1): het proefbericht is verstuurd\n")
        monkeypatch.setenv("LEERPLICHT_ALARM_URLS", f"{web},onbekend://x:{SECRET}@y")
        bad = CliRunner().invoke(app, ["alarm", "--test"])
    assert bad.exit_code == 1 and SECRET not in bad.output
    assert bad.stdout.splitlines()[1] == "onbekend (2): dit soort adres is onbekend of onvolledig"
    assert [message["title"] for message in posted] == ["leerplicht: proefbericht"] * 2
    assert not (tmp_path / "geen-meer").exists()


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), ("json://a", 1), ("json://a,b, mailto://c?to=d,e", 2), ("json://a\njson://b", 2), (" json://a , json://b ,", 2)],
)
def test_addresses_are_separated_by_commas_or_spaces_and_may_hold_a_comma(text: str, number: int, monkeypatch):
    monkeypatch.setenv("LEERPLICHT_ALARM_URLS", text)
    assert len(Settings().alarm_urls) == number


def test_a_wrong_address_is_refused_without_showing_it(monkeypatch, tmp_path):
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path))
    monkeypatch.setenv("LEERPLICHT_ALARM_URLS", SECRET)
    result = CliRunner().invoke(app, ["healthcheck"])
    assert result.exit_code == 2
    assert "LEERPLICHT_ALARM_URLS: geef adressen zoals mailtos://" in result.output and SECRET not in result.output
