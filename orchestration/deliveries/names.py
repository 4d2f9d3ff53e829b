"""Names of files and deliveries: what may be one, and which entiteit a file name speaks of.

Put here: names that people choose. Keep out: the names of a delivery's own fields (`manifest.py`).
"""

import re
import unicodedata
from pathlib import Path

from expectations import contract as contracts
from expectations.contract import Contract

LONGEST = 100
LONGEST_BYTES = 200  # with what is added, a file system holds 255
SIGNS = " ._+-()"
PLAIN = "letters, cijfers, spaties en . _ + - ( ), hoogstens 100 tekens"  # completes a sentence
WORD = re.compile(r"[^\W\d_]+")


def is_plain(name: str) -> bool:
    """Return whether a text may be the name of a delivery: letters of any language, digits, spaces and a few signs."""
    ends = name[:1].isalnum() and not name.endswith((" ", "."))
    letters = all(sign.isalnum() or sign in SIGNS or unicodedata.category(sign).startswith("M") for sign in name)
    return ends and letters and len(name) <= LONGEST and len(name.encode()) <= LONGEST_BYTES


def entity_of(contract: Contract, file: str) -> str | None:
    """Return the entiteit that a file name speaks of, such as `Verzuimmeldingen 3 maart 2025.csv`; None if none or several.

    Args:
        contract: The contract of the bron.
        file: Name of the file.
    """
    words = _words(Path(file).stem)
    found = {name for name, entity in contract.entities.items() if _words(name) in words or _words(Path(entity.file).stem) in words}
    # a name inside a longer one does not count: absoluut verzuim is no verzuim
    longest = {name for name in found if not any(_words(name) in _words(other) for other in found - {name})}
    return longest.pop() if len(longest) == 1 else None


def source_of(file: str) -> str | None:
    """Return the bron that has the entiteit that a file name speaks of; None if none or several."""
    found = {bron for bron in contracts.BRONNEN if entity_of(contracts.load(bron), file)}
    return found.pop() if len(found) == 1 else None


def _words(text: str) -> str:
    return f" {' '.join(WORD.findall(text.casefold()))} "
