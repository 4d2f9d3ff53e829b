"""The deliveries that the last night could not read, with the reason: one small file per bron in the work folder of the lake.

Put here: that record. Keep out: what postpones a delivery (`reasons.Postponed`, `verdict.py`). A delivery without a verdict is tried again
every night, with or without this record.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from expectations import contract
from orchestration.deliveries.ledger import Scrubbed
from orchestration.lake import Lake
from orchestration.lake.files import remove, replace_bytes


class PostponedDelivery(BaseModel):
    """A delivery without a verdict, and the reason in one Dutch sentence."""

    model_config = ConfigDict(frozen=True)

    bron: str
    levering: Scrubbed
    reden: Scrubbed

    @property
    def sentence(self) -> str:
        """The delivery and the reason."""
        return f"{self.bron}/{self.levering} is uitgesteld: {self.reden}"


_LIST = TypeAdapter(tuple[PostponedDelivery, ...])


def write(lake: Lake, bron: str, found: Sequence[PostponedDelivery]) -> None:
    """Replace the record of a bron; without deliveries there is none."""
    path = lake.postponed(bron)
    if found:
        replace_bytes(path, _LIST.dump_json(tuple(found), indent=1) + b"\n")
    else:
        remove(path)


def read(lake: Lake, *bronnen: str) -> list[PostponedDelivery]:
    """Return the deliveries that the last night of each bron postponed; by default of all. A damaged record counts as none."""
    found: list[PostponedDelivery] = []
    for bron in bronnen or contract.BRONNEN:
        path = lake.postponed(bron)
        try:
            found += _LIST.validate_json(path.read_bytes()) if path.is_file() else ()
        except ValidationError:
            continue
    return found
