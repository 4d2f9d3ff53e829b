"""Alarms: which causes were told over which channel, and telling the others.

`werk/alarmen.json` remembers each cause until it is over and every channel knows. A cause is told once over each channel, again if it
grew, and once more when it is over. A channel that fails gets its alarms at the next occasion: the end of a run, or a `healthcheck`. It is
a cause itself, told over the others. A process that is killed while it sends may send the same alarm again: twice is better than never.

Put here: that memory and its rules. Keep out: which causes there are (`causes.py`), and sending (`channels.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import AwareDatetime, BaseModel, ValidationError

from orchestration.lake import Lake
from orchestration.lake.files import replace_bytes
from orchestration.settings import Settings
from orchestration.watch import channels, words
from orchestration.watch.causes import Cause, Soort
from orchestration.watch.channels import Channel, Message
from orchestration.watch.state import State

WAIT = 30  # seconds for another process that is sending
ROOM = 4096  # bytes of the memory at least: a full disk lets them be overwritten


class Known(BaseModel):
    """A cause that is remembered.

    Args:
        soort: Its kind.
        over: What it is about.
        zin: What was wrong.
        inhoud: All that it had since then.
        voorbij: Whether it was over when it was found.
        sinds: When it was found.
        gemeld: The keys of the channels that took the alarm.
        opgelost: When it was over; None while it stands.
        afgemeld: The keys of the channels that took the message that it is over.
    """

    soort: Soort
    over: str
    zin: str
    inhoud: tuple[str, ...] = ()
    voorbij: bool = False
    sinds: AwareDatetime
    gemeld: list[str] = []
    opgelost: AwareDatetime | None = None
    afgemeld: list[str] = []


class Memory(BaseModel):
    """What is remembered of alarms.

    Args:
        oorzaken: The causes, by key.
        kanalen: The channels that failed, by key, with the reason in Dutch.
    """

    oorzaken: dict[str, Known] = {}
    kanalen: dict[str, str] = {}


def remembered(lake: Lake) -> Memory:
    """Return what is remembered; a damaged or missing memory counts as empty: then alarms are given again."""
    try:
        return Memory.model_validate_json(lake.alarms.read_bytes())
    except (OSError, ValidationError):
        return Memory()


def failing(lake: Lake, settings: Settings) -> list[Cause]:
    """Return a cause for each channel that failed the last time."""
    failed = remembered(lake).kanalen
    return [_of_channel(channel, failed[channel.key]) for channel in channels.of(settings) if channel.key in failed]


def tell(lake: Lake, settings: Settings, state: State, causes: Sequence[Cause]) -> list[str]:
    """Tell the causes that were not told yet, and those that are over.

    Args:
        lake: The lake.
        settings: Gives the channels.
        state: The state that the causes follow from.
        causes: All causes that stand.

    Returns:
        A Dutch sentence for each channel that failed, and if the memory could not be written.
    """
    there = channels.of(settings)
    if not there:
        return []
    with _alone(lake) as alone:
        return (
            list(_tell(lake, there, state, causes)) if alone else []
        )  # otherwise another process is sending; the next occasion does the rest


@contextmanager
def _alone(lake: Lake) -> Iterator[bool]:
    """Hold the lock of the memory, and yield whether that succeeded. A lake in which no lock can be made needs its alarms all the more."""
    lock = FileLock(lake.alarms_lock, timeout=WAIT)
    try:
        if lake.exists:
            lake.alarms_lock.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
    except Timeout:
        yield False
        return
    except OSError:
        pass
    try:
        yield True
    finally:
        lock.release()


def _tell(lake: Lake, there: Sequence[Channel], state: State, causes: Sequence[Cause]) -> Iterator[str]:
    memory = remembered(lake)
    _note(memory, there, state, causes)
    _send(memory, there, state)
    _note(memory, there, state, causes)  # now with the channels that failed, and those that work again
    _send(memory, [channel for channel in there if channel.key not in memory.kanalen], state)
    for channel in there:
        if channel.key in memory.kanalen:
            yield f"{_of_channel(channel, memory.kanalen[channel.key]).zin} De alarmen gaan bij de volgende gelegenheid nog eens."
    _forget(memory, there)
    if problem := _keep(lake, memory):
        yield f"Welke alarmen zijn verstuurd, is niet te bewaren ({problem}): zij kunnen nog eens komen."


def _note(memory: Memory, there: Iterable[Channel], state: State, causes: Iterable[Cause]) -> None:
    """Compare the causes with what is remembered: which are new, grew, or are over."""
    failed = [_of_channel(channel, memory.kanalen[channel.key]) for channel in there if channel.key in memory.kanalen]
    standing = {cause.key: cause for cause in (*causes, *failed)}
    for key, cause in standing.items():
        known = memory.oorzaken.get(key)
        if known and cause.voorbij and not known.voorbij:
            known.opgelost = known.opgelost or state.now
        else:
            memory.oorzaken[key] = _renewed(known, cause, state.now)
    for key, known in memory.oorzaken.items():
        if key not in standing and (state.is_good or not known.soort.is_of_run):
            known.opgelost = known.opgelost or state.now


def _renewed(known: Known | None, cause: Cause, now: datetime) -> Known:
    """Return what is remembered of a cause that stands. Who knows all of it keeps knowing, unless it was told that it is over."""
    if known is None:
        return Known(**vars(cause), sinds=now)
    grew = not set(cause.inhoud) <= set(known.inhoud)
    told = [] if grew else [key for key in known.gemeld if key not in known.afgemeld]
    content = tuple(sorted({*known.inhoud, *cause.inhoud}))
    return Known(**{**vars(cause), "inhoud": content}, sinds=known.sinds, gemeld=told)


def _send(memory: Memory, there: Iterable[Channel], state: State) -> None:
    """Send each channel what it did not get, and note what arrived."""
    wanted = {channel: [known for known in memory.oorzaken.values() if _wants(channel, known)] for channel in there}
    messages = {channel: [message(known, state) for known in found] for channel, found in wanted.items() if found}
    for channel, sent in channels.send(messages).items():
        for known in wanted[channel][: sent.arrived]:
            (known.gemeld if _is_news(known) else known.afgemeld).append(channel.key)
        if sent.reason:
            memory.kanalen[channel.key] = sent.reason
        else:
            memory.kanalen.pop(channel.key, None)


def _is_news(known: Known) -> bool:
    """Return whether a cause has to be told as an alarm; otherwise that it is over. What was over when it was found is only told."""
    return known.voorbij or not known.opgelost


def _wants(channel: Channel, known: Known) -> bool:
    """Return whether a channel has to get a message about a cause. It cannot tell that it does not work itself."""
    itself = known.soort is Soort.KANAAL and known.over == channel.key and not known.opgelost
    return not itself and channel.key not in (known.gemeld if _is_news(known) else known.afgemeld)


def _forget(memory: Memory, there: Sequence[Channel]) -> None:
    """Forget the causes that are over when every channel knows, and the channels that are no longer in the setting."""
    memory.oorzaken = {
        key: known for key, known in memory.oorzaken.items() if not known.opgelost or any(_wants(channel, known) for channel in there)
    }
    keys = {channel.key for channel in there}
    memory.kanalen = {key: reason for key, reason in memory.kanalen.items() if key in keys}


def _keep(lake: Lake, memory: Memory) -> str:
    """Write the memory; return why it could not be written. On a full disk the old bytes are overwritten: that needs no room."""
    content = memory.model_dump_json(indent=1).encode().ljust(ROOM) + b"\n"
    if not lake.exists:
        return "het meer is er niet"
    try:
        if not lake.alarms.is_file() or lake.alarms.read_bytes() != content:
            replace_bytes(lake.alarms, content)
    except OSError as problem:
        return "" if _overwritten(lake.alarms, content) else (problem.strerror or type(problem).__name__)
    return ""


def _overwritten(path: Path, content: bytes) -> bool:
    try:
        with path.open("r+b") as file:
            file.write(content.ljust(path.stat().st_size))
    except OSError:
        return False
    return True


def _of_channel(channel: Channel, reason: str) -> Cause:
    return Cause(Soort.KANAAL, channel.key, f"Het kanaal {channel.naam} voor alarmen werkt niet: {reason}.")


def message(known: Known, state: State) -> Message:
    """Return the message about a cause: what is wrong, what readers have, and what to do; or that it is over."""
    place = f"Gemeenten: {', '.join(state.gemeenten)}."
    if not _is_news(known) and known.opgelost:
        over = f"Dit was zo van {words.at(known.sinds)} tot {words.at(known.opgelost)}, en is opgelost:"
        return Message(f"leerplicht: opgelost: {known.soort.subject}", f"{over}\n{known.zin}\n{place}")
    readers = f"Lezers hebben de cijfers van {words.at(state.published)}." if state.published else "Lezers hebben nog geen cijfers."
    todo = "" if known.voorbij else f"Wat te doen: {known.soort.todo}.\n"
    return Message(f"leerplicht: {known.soort.subject}", f"{known.zin}\n{readers}\n{todo}{place}")
