"""Sends messages over the channels of `LEERPLICHT_ALARM_URLS`, with apprise, in a process of its own.

A channel may hang, and its library may do anything with an address that holds a password. So a process sends (`sender.py`): it gets the
addresses on standard input, reports each message that arrived, and is killed when its time is over.

An address is never shown or logged: a channel is named by its scheme and its place in the setting.

Put here: that process seen from outside. Keep out: what is sent to which channel (`alarms.py`).
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Thread

from orchestration.settings import Settings
from orchestration.watch.sender import READY, SENT, UNKNOWN

STARTING = 60  # seconds for the process to begin: a second or two, on a machine that is not busy
SECONDS = 10  # for all messages of all channels, which send at the same time


@dataclass(frozen=True)
class Message:
    """A message: one line, and a text of a few lines."""

    title: str
    body: str


@dataclass(frozen=True)
class Channel:
    """A way to reach people.

    Args:
        naam: Its scheme and its place in the setting, such as `mailtos (1)`.
        url: Its address; secret.
    """

    naam: str
    url: str

    @property
    def key(self) -> str:
        """Its identity where the address must not be: it stays the same if the order of the setting changes."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:8]

    def __repr__(self) -> str:
        return f"Channel({self.naam})"


@dataclass(frozen=True)
class Sent:
    """What became of the messages to a channel.

    Args:
        arrived: How many of them the channel took, from the first.
        reason: Why it did not take the rest, in Dutch; empty if it took all.
    """

    arrived: int
    reason: str


def of(settings: Settings) -> list[Channel]:
    """Return the channels of the settings."""
    urls = [url.get_secret_value() for url in settings.alarm_urls]
    return [Channel(f"{url.partition('://')[0].lower()} ({place})", url) for place, url in enumerate(urls, start=1)]


def send(messages: Mapping[Channel, Sequence[Message]], seconds: float = SECONDS) -> dict[Channel, Sent]:
    """Send messages over each channel, at the same time.

    Args:
        messages: The messages to each channel, in order. A channel stops at the first that it does not take.
        seconds: How long it may take.

    Returns:
        What became of it, of each channel; a fault of a channel is never raised.
    """
    wanted = {channel: given for channel, given in messages.items() if given}
    if not wanted:
        return {}
    work = [{"url": channel.url, "messages": [[message.title, message.body] for message in given]} for channel, given in wanted.items()]
    lines, ended = _process(json.dumps(work).encode(), seconds)
    return {channel: _outcome(lines, number, len(given), ended) for number, (channel, given) in enumerate(wanted.items())}


def _process(work: bytes, seconds: float) -> tuple[list[str], bool]:
    """Run the process; return the lines that it reported, and whether it ended by itself."""
    lines: list[str] = []
    is_ready = Event()

    with subprocess.Popen(
        [sys.executable, "-m", "orchestration.watch.sender"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:

        def listen() -> None:
            for line in process.stdout or ():
                lines.append(line.decode().strip())
                if lines[-1] == READY:
                    is_ready.set()
            is_ready.set()

        listening = Thread(target=listen, daemon=True)
        listening.start()
        if process.stdin:
            process.stdin.write(work)
            process.stdin.close()
        is_ready.wait(STARTING)
        listening.join(seconds)
        ended = not listening.is_alive()
        process.kill()
        listening.join()
    return lines, ended


def _outcome(lines: Sequence[str], number: int, wanted: int, ended: bool) -> Sent:
    arrived = lines.count(f"{number} {SENT}")
    if arrived == wanted:
        return Sent(arrived, "")
    if f"{number} {UNKNOWN}" in lines:
        return Sent(arrived, "dit soort adres is onbekend of onvolledig")
    return Sent(arrived, "het is niet bereikbaar of weigert" if ended and READY in lines else "er kwam op tijd geen antwoord")


def try_out(there: Sequence[Channel], gemeenten: Sequence[str]) -> dict[Channel, Sent]:
    """Send a message over each channel that says that it is only a trial.

    Args:
        there: The channels.
        gemeenten: The gemeenten of the lake, so that a reader knows which pipeline it is.
    """
    text = f"Dit is een proefbericht: er is niets aan de hand.\nGemeenten: {', '.join(gemeenten)}."
    return send({channel: [Message("leerplicht: proefbericht", text)] for channel in there})
