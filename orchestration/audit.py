"""The audit log: who did what to the lake, and when. Append-only, and each line holds the hash of the line before it.

Each user of the operating system has a chain of lines: an analyst who may read the warehouse must leave a line, but must not be able to
change those of others. The first line of a run holds the heads of all other chains, and the manifest of a release holds the head of the
chain of that run, so a chain that was cut or written again no longer fits what came after it (decision 036).

A line is written and synced before what it is about becomes visible. If it cannot be written, the act is refused.

Put here: writing, reading and verifying lines. Keep out: anything about a person in the data (a line has the names of commands, runs,
releases, nights and deliveries, and counts; never a record, a pseudonym, a reason or the text of a query), and printing.
"""

import fcntl
import hashlib
import json
import os
import pwd
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

from orchestration import clock
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import make_private, sync_folder
from orchestration.outcome import Afloop

BEGIN = "0" * 64
"""The hash before the first line of a chain."""

LOGIN = Path("/proc/self/loginuid")
NO_LOGIN = 2**32 - 1
BLOCK = 65_536
NUMBER = re.compile(r"\d(?:[\W_]*\d){5,}")  # no name has six digits in a row; a BSN in any spelling has
SEAL = ', "sha256": "'


class What(StrEnum):
    """What can happen. `opdracht` is a command that starts, whatever comes of it; all others are results."""

    OPDRACHT = "opdracht"
    RUN_BEGONNEN = "run_begonnen"
    RUN_GEEINDIGD = "run_geeindigd"
    MAGAZIJN_GEWISSELD = "magazijn_gewisseld"
    MAGAZIJN_TERUGGEZET = "magazijn_teruggezet"
    GEPUBLICEERD = "gepubliceerd"
    DEFINITIEF = "definitief"
    OPZIJGEZET = "opzijgezet"
    GELEVERD = "geleverd"
    AANVAARD = "aanvaard"
    INGETROKKEN = "ingetrokken"
    HERSTELD = "hersteld"
    ONTHOUDEN = "onthouden"
    INGEZIEN = "ingezien"
    GEWIST = "gewist"
    OPGESCHOOND = "opgeschoond"
    BEWAARPLICHT = "bewaarplicht"
    SLEUTEL_VERNIEUWD = "sleutel_vernieuwd"
    OVERGEBRACHT = "overgebracht"


class AuditError(LeerplichtError):
    """The audit log cannot be written, so nothing else may happen; the message is one Dutch sentence."""

    afloop = Afloop.SCHIJF


class AlteredAuditLogError(AuditError):
    """A line of the audit log is gone, or is not what was written."""

    afloop = Afloop.BESCHADIGD


@dataclass(frozen=True)
class Head:
    """The end of a chain.

    Args:
        lines: The number of lines.
        sha256: The hash of the last one.
    """

    lines: int
    sha256: str


@dataclass(frozen=True)
class Line:
    """One line of the log.

    Args:
        chain: The name of its chain.
        number: Its place in the chain, from 1.
        content: `op` (UTC), `wat`, `gebruiker`, `uid`, `machine`, and what else is known of it.
    """

    chain: str
    number: int
    content: Mapping[str, Any]


def record(lake: Lake, what: What, *, door: str = "", **about: object) -> str:
    """Append one line to the chain of the user of this process, and sync it to disk.

    Args:
        lake: The lake. A look back is recorded in the log of the lake that it looks at.
        what: What happens.
        door: The person who decides it, as typed; a number in it is masked.
        about: Names of commands, runs, releases, nights and deliveries, and counts; nothing about a person in the data.

    Returns:
        The hash of the line: the head of the chain.

    Raises:
        AuditError: The line cannot be written; the caller must not go on.
    """
    stated: dict[str, object] = {"wat": what, **_user()}
    if door:
        stated["door"] = _masked(door)
    if lake.moment:
        stated["terugblik"] = lake.moment.isoformat()
    try:
        return _append(lake, stated | about)
    except OSError as problem:
        raise AuditError(f"het auditlog {lake.auditlog} is niet te schrijven ({problem.strerror}), dus er gebeurt niets") from None


def head(lake: Lake) -> str:
    """Return the hash of the last line of this user's chain; empty if there is none."""
    chain = next(_own(lake))
    return _head(chain).sha256 if chain.exists() else ""


def heads(lake: Lake) -> dict[str, Head]:
    """Return the end of each chain that this user may read, but not of its own."""
    own, found = next(_own(lake)), {}
    for chain in _chains(lake):
        if chain != own:
            with suppress(PermissionError):
                found[chain.stem] = _head(chain)
    return found


def lines(lake: Lake) -> list[Line]:
    """Return all lines of all chains, oldest first.

    Raises:
        AuditError: A line is no line of this log, or may not be read.
    """
    found = [Line(chain.stem, number, _parsed(chain.stem, number, line)) for chain in _chains(lake) for number, line in _numbered(chain)]
    return sorted(found, key=lambda line: str(line.content.get("op")))


def verify(lake: Lake, anchors: Mapping[str, str]) -> dict[str, Head]:
    """Verify each line of each chain, and that every head that was noted elsewhere is still in its chain.

    Args:
        lake: The lake.
        anchors: Where a head was noted (the name of a release), and its hash.

    Returns:
        The end of each chain.

    Raises:
        AlteredAuditLogError: The first line that does not fit, or that is gone.
    """
    hashes = {chain.stem: _verified(chain) for chain in _chains(lake)}
    for line in lines(lake):
        for name, (number, sha256) in line.content.get("ketens", {}).items():
            if number and hashes.get(name, [])[number - 1 : number] != [sha256]:
                raise AlteredAuditLogError(
                    f"het auditlog klopt niet: regel {number} van keten {name}, vastgelegd in regel {line.number} van keten {line.chain},"
                    " is er niet meer of is een andere"
                )
    known = {sha256 for chain in hashes.values() for sha256 in chain}
    for place, sha256 in anchors.items():
        if sha256 not in known:
            raise AlteredAuditLogError(f"het auditlog klopt niet: de regel die release {place} noemt, is er niet meer of is een andere")
    return {name: Head(len(chain), chain[-1] if chain else BEGIN) for name, chain in hashes.items()}


def login() -> str:
    """Return the name of the user that runs this process, from the system's own list: an environment variable can say anything."""
    return _name(os.getuid())


def _user() -> dict[str, object]:
    """Return the user of this process and its machine (BIO2 8.15.01), and who logged in, if that is another.

    The kernel keeps the user who logged in through `su` and `sudo`.
    """
    user: dict[str, object] = {"gebruiker": login(), "uid": os.getuid(), "machine": os.uname().nodename}
    with suppress(OSError, ValueError):
        session = int(LOGIN.read_text())
        if session not in (NO_LOGIN, os.getuid()):
            user |= {"aangemeld_als": _name(session), "aangemeld_uid": session}
    return user


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _masked(text: str) -> str:
    return NUMBER.sub("…", unicodedata.normalize("NFKC", text).strip())[:100]


def _chains(lake: Lake) -> list[Path]:
    """Return the files of all chains; `glob` would find none in a folder that this user may not list."""
    try:
        return sorted(chain for chain in lake.auditlog.iterdir() if chain.suffix == ".jsonl")
    except FileNotFoundError:
        return []


def _own(lake: Lake) -> Iterator[Path]:
    """Yield the chain of this user: the first that it owns or that is not there yet.

    Another user can own a file with this name: put there, or restored from a backup. It stays as it is.
    """
    for number in count(1):
        chain = lake.auditlog / (f"{os.getuid()}.jsonl" if number == 1 else f"{os.getuid()}-{number}.jsonl")
        try:
            owner = chain.lstat().st_uid
        except FileNotFoundError:
            owner = os.getuid()
        if owner == os.getuid():
            yield chain


def _mode(lake: Lake) -> int:
    """Return the mode of this user's chain: the owner of the log reads those of others, and no other user reads those of the owner."""
    folder = lake.auditlog.stat()
    return 0o640 if folder.st_mode & 0o070 and folder.st_uid != os.getuid() else 0o600


def _append(lake: Lake, content: Mapping[str, object]) -> str:
    if not lake.auditlog.is_dir():
        make_private(lake.auditlog)
    chain = next(_own(lake))
    with _locked(chain, _mode(lake)) as file:
        before = _last(file)
        stated = {"op": clock.now().isoformat(timespec="microseconds"), **content, "vorige": before}
        body = json.dumps(stated, ensure_ascii=False)
        sha256 = hashlib.sha256(body.encode()).hexdigest()
        os.write(file, f'{body[:-1]}{SEAL}{sha256}"}}\n'.encode())
        os.fsync(file)
    return sha256


@contextmanager
def _locked(chain: Path, mode: int) -> Iterator[int]:
    """Open a chain to append to, alone: several processes of one user write to it. The system releases the lock if this one dies."""
    is_new = not chain.exists()
    file = os.open(chain, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.fchmod(file, mode)
        if is_new:
            with suppress(PermissionError):  # an analyst may write in this folder, and not read it
                sync_folder(chain.parent)
        yield file
    finally:
        os.close(file)


def _last(file: int) -> str:
    """Return the hash of the last line, and remove half a line: a power cut prevented it, and what it would have been about."""
    size = os.fstat(file).st_size
    tail, length = b"", 0
    while length < size and b"\n" not in tail[:-1]:
        length = min(size, length + BLOCK)
        tail = os.pread(file, length, size - length)
    whole = tail[: tail.rfind(b"\n") + 1]
    if len(whole) < len(tail):
        os.ftruncate(file, size - len(tail) + len(whole))
    return _seal(whole.splitlines()[-1])[1] if whole else BEGIN


def _head(chain: Path) -> Head:
    written = chain.read_bytes().splitlines()
    return Head(len(written), _seal(written[-1])[1] if written else BEGIN)


def _numbered(chain: Path) -> Iterator[tuple[int, bytes]]:
    try:
        content = chain.read_bytes()
    except OSError as problem:
        raise AuditError(f"het auditlog {chain} is niet te lezen ({problem.strerror})") from None
    yield from enumerate(content.splitlines(), start=1)


def _seal(line: bytes) -> tuple[bytes, str]:
    """Split a line into what its hash is of, and the hash."""
    body, _, sealed = line.rpartition(SEAL.encode())
    return body + b"}", sealed.removesuffix(b'"}').decode(errors="replace")


def _parsed(chain: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(line)
        return content
    except ValueError:
        raise AlteredAuditLogError(f"het auditlog klopt niet: regel {number} van keten {chain} is geen regel van het auditlog") from None


def _verified(chain: Path) -> list[str]:
    """Return the hashes of a chain, if each line has its own hash, that of the line before it, and a user who can have written it.

    The owner of the log can own the chains of others too, after restoring a backup.
    """
    found = [BEGIN]
    for number, line in _numbered(chain):
        body, sha256 = _seal(line)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise AlteredAuditLogError(f"het auditlog klopt niet: regel {number} van keten {chain.stem} is veranderd")
        content = _parsed(chain.stem, number, line)
        if content["vorige"] != found[-1]:
            raise AlteredAuditLogError(f"het auditlog klopt niet: voor regel {number} van keten {chain.stem} is een regel weg of bijgezet")
        if chain.stat().st_uid not in {0, content["uid"], chain.parent.stat().st_uid}:
            raise AlteredAuditLogError(
                f"het auditlog klopt niet: regel {number} van keten {chain.stem} schreef een andere gebruiker dan zij zegt"
            )
        found.append(sha256)
    return found[1:]
