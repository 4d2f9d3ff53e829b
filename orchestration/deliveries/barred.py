"""Erased persons whose rows are not read again, though their sources still deliver them.

The list holds marks (`pseudonym.Mark`) and no pseudonym: what stands in it stands in no row, and cannot be traced to a person without the
key and the number. Whether a source may bring an erased person back is contested (decision 033), so each mark has a last day.

Put here: that list. Keep out: erasing (`orchestration.persons.erase`), and leaving rows out (`rows.py`).
"""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from orchestration import clock
from orchestration.deliveries.pseudonym import Mark
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake


class BarredError(LeerplichtError):
    """The list is damaged; the message is one Dutch sentence."""


class Barred(BaseModel):
    """One number of an erased person: its mark, and the last day on which its rows are left out."""

    model_config = ConfigDict(frozen=True)

    sleutels: int
    merk: str
    tot: date

    @property
    def mark(self) -> Mark:
        """The mark as reading compares it."""
        return Mark(self.sleutels, self.merk)


_LIST = TypeAdapter(tuple[Barred, ...])


def read(lake: Lake) -> tuple[Barred, ...]:
    """Return the persons that are left out today.

    Raises:
        BarredError: The list is damaged: an erased person would come back unnoticed.
    """
    try:
        found = _LIST.validate_json(lake.barred.read_bytes()) if lake.barred.is_file() else ()
    except ValidationError:
        raise BarredError(f"{lake.barred} is beschadigd; zet het terug uit de reservekopie") from None
    return tuple(one for one in found if one.tot >= clock.now().date())


def as_bytes(barred: Sequence[Barred]) -> bytes:
    """Return the content of the file, in an order that says nothing of when each was added."""
    return _LIST.dump_json(tuple(sorted(set(barred), key=lambda one: (one.tot, one.merk))), indent=1) + b"\n"
