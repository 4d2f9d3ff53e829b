"""What must be kept though its period ends or its person asks to be erased: a delivery, or a person.

Put here: the list of these, and asking it. Keep out: removing anything.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from orchestration import audit, change, clock
from orchestration.deliveries import ledger
from orchestration.deliveries.ledger import Decision
from orchestration.deliveries.pseudonym import load_key
from orchestration.lake import Lake
from orchestration.persons import identity
from orchestration.persons.identity import Person, PersonError
from orchestration.scrub import safe_text
from orchestration.settings import Settings


class Hold(BaseModel):
    """One of them: a delivery (`bron/levering`) or a person (its pseudonyms), who decided it, and who released it."""

    model_config = ConfigDict(frozen=True)

    levering: str = ""
    persoon: frozenset[str] = frozenset()
    besluit: Decision
    opgeheven: Decision | None = None

    @property
    def sentence(self) -> str:
        """What is kept and why, without the person."""
        what = self.levering or "een persoon"
        kept = f"{what}: bewaard sinds {self.besluit.op[:10]} door {self.besluit.door}: {self.besluit.omdat}"
        return f"{kept}; opgeheven op {self.opgeheven.op[:10]} door {self.opgeheven.door}" if self.opgeheven else kept


_LIST = TypeAdapter(tuple[Hold, ...])


def read(lake: Lake) -> tuple[Hold, ...]:
    """Return all holds, also those that were released.

    Raises:
        PersonError: The list is damaged: something would be removed that must be kept.
    """
    try:
        return _LIST.validate_json(lake.holds.read_bytes()) if lake.holds.is_file() else ()
    except ValidationError:
        raise PersonError(f"{lake.holds} is beschadigd; zet het terug uit de reservekopie") from None


def as_bytes(holds: Iterable[Hold]) -> bytes:
    """Return the content of the file."""
    return _LIST.dump_json(tuple(holds), indent=1) + b"\n"


def persons(lake: Lake) -> frozenset[str]:
    """Return the pseudonyms of the persons that are held."""
    return frozenset().union(*(one.persoon for one in read(lake) if not one.opgeheven))


def deliveries(lake: Lake) -> frozenset[str]:
    """Return the deliveries that are held, as `bron/levering`."""
    return frozenset(one.levering for one in read(lake) if one.levering and not one.opgeheven)


def require_none(lake: Lake, person: Person, in_deliveries: Iterable[str]) -> None:
    """Raise if a person, or a delivery that names it, is held.

    Raises:
        PersonError: It is.
    """
    if not person.pseudonyms.isdisjoint(persons(lake)):
        raise PersonError("deze persoon valt onder een bewaarplicht; hef die eerst op met leerplicht hold --release")
    if held := sorted(deliveries(lake).intersection(in_deliveries)):
        raise PersonError(f"{held[0]} noemt deze persoon en valt onder een bewaarplicht; hef die eerst op met leerplicht hold --release")


def hold(settings: Settings, levering: str | None, numbers: identity.Numbers | None, decision: Decision, *, release: bool) -> Hold:
    """Hold a delivery or a person, or release it. The caller holds the lock of the lake.

    Args:
        settings: The lake and the key file.
        levering: The delivery, as `bron/levering`; None for a person.
        numbers: The numbers of the person, with their kind; None for a delivery.
        decision: Who decides it, and why.
        release: Whether it need not be kept any more.

    Raises:
        PersonError: The lake does not know it, it is held already, or it is not held.
    """
    lake = Lake(settings.lake)
    entries = ledger.read(lake)
    person: frozenset[str] = frozenset()
    if numbers:
        person = identity.find(lake, entries, load_key(settings.key_file, lake), numbers).pseudonyms
    elif levering not in {f"{entry.bron}/{entry.levering}" for entry in entries}:
        raise PersonError(f"het grootboek kent geen levering {safe_text(levering or '')}; zie: leerplicht status")
    known = list(read(lake))
    standing = [
        one for one in known if not one.opgeheven and (one.levering == levering if levering else not person.isdisjoint(one.persoon))
    ]
    if release and not standing:
        raise PersonError("dit valt niet onder een bewaarplicht; leerplicht hold toont wat wel")
    if standing and not release:
        raise PersonError("dit valt al onder een bewaarplicht; leerplicht hold toont haar")
    if release:
        made = [one.model_copy(update={"opgeheven": decision, "persoon": frozenset()}) for one in standing]
        known = [one for one in known if one not in standing] + made
    else:
        made = [Hold(levering=levering or "", persoon=person, besluit=decision)]
        known += made
    with change.changing(lake) as changed:
        changed.put(lake.holds, as_bytes(known))
        audit.record(lake, audit.What.BEWAARPLICHT, door=decision.door, levering=levering or "persoon", opgeheven=release)
    return made[0]


def decide(because: str, by: str) -> Decision:
    """Return a decision as the lake keeps it.

    Raises:
        PersonError: Who or why is empty.
    """
    from orchestration.deliveries.decide import LONGEST_REASON

    if not because.strip() or not by.strip():
        raise PersonError("zeg wie dit besluit en waarom; dat komt in het grootboek")
    moment = clock.now().isoformat(timespec="seconds")
    return Decision(door=safe_text(by.strip()), op=moment, omdat=safe_text(because.strip(), LONGEST_REASON))
