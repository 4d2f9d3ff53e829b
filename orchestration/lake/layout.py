"""The version of the layout of a lake: which one it has, and whether this version of leerplicht can use it.

Put here: reading and noting that version. Keep out: bringing a lake up to it (`orchestration.upgrade`).
"""

import json
from datetime import datetime

from orchestration import clock
from orchestration.errors import LeerplichtError
from orchestration.lake.files import make_private, replace_bytes
from orchestration.lake.paths import Paths
from orchestration.outcome import Afloop

LAYOUT = 2  # raise it when an earlier lake must be changed before this version can use it, with a step in `upgrade.py`


class LayoutError(LeerplichtError):
    """The lake is of another version of leerplicht; the message says what to do."""

    afloop = Afloop.INSTELLING


def found(lake: Paths) -> int | None:
    """The version of its layout; None if nothing was read yet. The first versions did not note it, and count as 1.

    Raises:
        LayoutError: What notes it is damaged.
    """
    try:
        return int(json.loads(lake.version.read_bytes())["indeling"])
    except FileNotFoundError:
        return 1 if lake.key_check.exists() else None
    except (ValueError, KeyError, TypeError):
        raise LayoutError(f"{lake.version} is beschadigd; zet het terug uit de reservekopie") from None


def since(lake: Paths) -> datetime | None:
    """When it got this layout; None if it does not have it. Warehouses of before are of an earlier version."""
    return datetime.fromisoformat(json.loads(lake.version.read_bytes())["sinds"]) if found(lake) == LAYOUT else None


def note(lake: Paths) -> None:
    """Note that the lake has the layout of this version."""
    now = clock.now().isoformat(timespec="microseconds")
    make_private(lake.version.parent)
    replace_bytes(lake.version, json.dumps({"indeling": LAYOUT, "sinds": now}).encode() + b"\n")


def require(lake: Paths, *, older: bool = False) -> None:
    """Require that this version can use the lake.

    Args:
        lake: The lake.
        older: Also one of an earlier version.

    Raises:
        LayoutError: It cannot; the message says what to do.
    """
    version = found(lake)
    if version is not None and version < LAYOUT and not older:
        raise LayoutError(
            f"dit meer is van een oudere leerplicht (indeling {version}, en nu {LAYOUT}); breng het over met: leerplicht upgrade"
        )
    if version is not None and version > LAYOUT:
        raise LayoutError(
            f"dit meer is van een nieuwere leerplicht (indeling {version}, en deze kent {LAYOUT}); installeer die versie,"
            " of zet de reservekopie van voor de overgang terug"
        )
