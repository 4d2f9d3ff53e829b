# ruff: noqa: T201 – it is for a person who watches
"""Runs the blocks of docs/installatie.md, word by word and in their order, in a fresh Debian root.

    debootstrap --variant=minbase bookworm ROOT
    python tests/guide.py ROOT leerplicht-0.1.0-py3-none-any.whl

The root must reach packages as any machine does (apt, pip), and have /proc, /dev and /dev/shm. It needs root, and no systemd runs in a
chroot. So in the blocks that are marked `bash systemd`, `systemctl enable` and `disable` make and remove the links without `--now`, and
every other `systemctl` is skipped with a line that says so (`STAND_IN`). After those blocks the script does in its place: it starts
PostgreSQL, looks for the links, and has the units verified (`systemd-analyze verify`).

Put here: running the guide. Keep out: what the guide says.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from orchestration import units

GUIDE = Path(__file__).parents[1] / "docs" / "installatie.md"
HOME = "root"  # the folder in which the guide has its wheel
SYSTEMD = "bash systemd"
STAND_IN = """systemctl() { case "$1" in
  enable|disable) command systemctl "${@/--now/--quiet}" ;;
  *) echo "not here: systemctl $*" ;;
esac; }
"""
VERIFY = "systemd-analyze verify /etc/systemd/system/leerplicht-*.service /etc/systemd/system/leerplicht-*.timer"


class Block(NamedTuple):
    """A block of the guide.

    Args:
        line: Where it begins.
        kind: `bash`, or `bash systemd` if it needs a running one.
        text: The commands.
    """

    line: int
    kind: str
    text: str


def blocks(page: str) -> list[Block]:
    """Return the blocks with commands of a page, in order."""
    found = re.finditer(r"^```(bash[^\n]*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [Block(page.count("\n", 0, match.start()) + 1, match[1], match[2]) for match in found]


def beside(text: str) -> list[str]:
    """Return what stands for a running systemd after a block that needs one."""
    if "enable --now postgresql" in text:
        return ["pg_ctlcluster 15 main start || pg_ctlcluster 15 main status"]
    if "enable --now leerplicht-nacht.timer" in text:
        return [VERIFY, "test -L /etc/systemd/system/timers.target.wants/leerplicht-nacht.timer"]
    if "enable --now leerplicht-code-server.service" in text:
        links = [f"test -L /etc/systemd/system/multi-user.target.wants/{name}" for name in units.DAGSTER]
        return [VERIFY, "test ! -e /etc/systemd/system/timers.target.wants/leerplicht-nacht.timer", *links]
    return []


def give(root: Path, text: str) -> None:
    """Give commands in the root, as root; stop at the first that fails."""
    command = ["chroot", root, "/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
    subprocess.run(
        [*command, "LANG=C.UTF-8", "SYSTEMD_OFFLINE=1", "bash", "-euxo", "pipefail", "-c", f"cd /{HOME}\n{text}"],
        check=True,
        stdin=subprocess.DEVNULL,
    )


def main(root: Path, wheel: Path, first: int = 0) -> None:
    """Run the guide; print each block before it runs, and how many of each kind there were.

    Args:
        root: The root of the fresh Debian.
        wheel: The wheel.
        first: The line of the guide to go on from, in a root in which what stands before it ended well.
    """
    shutil.copy(wheel, root / HOME)
    give(root, "apt-get update -qq; apt-get install -qq --yes --no-install-recommends systemd > /dev/null")  # every Debian has it
    found = [block for block in blocks(GUIDE.read_text(encoding="utf-8")) if block.line >= first]
    assert any(block.kind == SYSTEMD for block in found)
    for block in found:
        began = time.monotonic()
        print(f"=== {GUIDE.name}:{block.line} ({block.kind})", flush=True)
        give(root, STAND_IN + block.text if block.kind == SYSTEMD else block.text)
        for command in beside(block.text) if block.kind == SYSTEMD else ():
            print("--- in place of systemd:", flush=True)
            give(root, command)
        print(f"=== done in {time.monotonic() - began:.0f} s", flush=True)
    give(root, "! test -e /srv/leerplicht; ! test -e /opt/leerplicht; ! id leerplicht; ! ls /etc/systemd/system | grep leerplicht")
    marked = sum(block.kind == SYSTEMD for block in found)
    print(f"all {len(found)} blocks ended well; {marked} of them need a running systemd, which a chroot does not have")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int("".join(sys.argv[3:]) or 0))
