"""Sends messages over the channels of `LEERPLICHT_ALARM_URLS`, with apprise, in processes of their own.

A channel may hang, and its library may do anything with an address that holds a password. So each channel is a process: it gets its address
on standard input, reports each message that arrived, and is killed when its time is over. All channels send at the same time.

An address is never shown or logged: a channel is named by its scheme and its place in the setting.

Put here: sending, and that process. Keep out: what is sent to which channel (`alarms.py`).
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Thread

from orchestration.settings import Settings

SECONDS = 15  # for all messages of one channel; a night waits no longer
FEWEST = 5.0  # seconds that a connection or an answer may take
SENT = "verstuurd"
UNKNOWN = "onbekend"


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
        seconds: How long each channel may take.

    Returns:
        What became of it, of each channel; a fault of a channel is never raised.
    """
    found: dict[Channel, Sent] = {}

    def over(channel: Channel) -> None:
        found[channel] = _over(channel, messages[channel], seconds)

    threads = [Thread(target=over, args=(channel,), daemon=True) for channel in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + FEWEST)
    return {channel: found.get(channel, Sent(0, "er kwam op tijd geen antwoord")) for channel in messages}


def try_out(there: Sequence[Channel], gemeenten: Sequence[str]) -> dict[Channel, Sent]:
    """Send a message over each channel that says that it is only a trial.

    Args:
        there: The channels.
        gemeenten: The gemeenten of the lake, so that a reader knows which pipeline it is.
    """
    text = f"Dit is een proefbericht: er is niets aan de hand.\nGemeenten: {', '.join(gemeenten)}."
    return send({channel: [Message("leerplicht: proefbericht", text)] for channel in there})


def _over(channel: Channel, messages: Sequence[Message], seconds: float) -> Sent:
    work = json.dumps({"url": channel.url, "messages": [[message.title, message.body] for message in messages]})
    command = [sys.executable, "-m", __name__]
    try:
        ended = subprocess.run(command, input=work.encode(), capture_output=True, timeout=seconds, check=False)  # noqa: S603 - ours alone
        told, late = ended.stdout, False
    except subprocess.TimeoutExpired as expired:
        told, late = expired.stdout or b"", True
    except OSError as problem:
        return Sent(0, f"het versturen kon niet beginnen ({type(problem).__name__})")
    lines = told.decode(errors="replace").split()
    arrived = lines.count(SENT)
    if arrived == len(messages):
        return Sent(arrived, "")
    reason = f"er kwam binnen {seconds:.0f} seconden geen antwoord" if late else "het is niet bereikbaar of weigert"
    return Sent(arrived, "dit soort adres is onbekend of onvolledig" if UNKNOWN in lines else reason)


def _with_limits(url: str) -> str:
    """Return an address with limits on a connection and an answer, unless it has its own."""
    for name in ("cto", "rto"):
        if f"{name}=" not in url:
            url += f"{'&' if '?' in url else '?'}{name}={FEWEST}"
    return url


def _report() -> Iterator[str]:
    """Send what standard input says, and yield a word for each message that arrived. The work of the process of a channel."""
    import logging

    import apprise

    logging.disable(logging.CRITICAL)  # apprise logs addresses
    work = json.load(sys.stdin)
    channel = apprise.Apprise()
    if not channel.add(_with_limits(work["url"])):
        yield UNKNOWN
        return
    for title, body in work["messages"]:
        if not channel.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT, notify_type=apprise.NotifyType.WARNING):
            return
        yield SENT


if __name__ == "__main__":
    for word in _report():
        sys.stdout.write(f"{word}\n")
        sys.stdout.flush()
