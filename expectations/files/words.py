"""Rules on texts and codes: their format, and consistent names.

Put here: rules on single texts, and on codes and their names. Keep out: years and days (`times.py`), numbers (`numbers.py`).
"""

import re
from collections import Counter
from collections.abc import Iterator

from expectations.files.rule import Faults, rule
from expectations.files.staged import DICTIONARY, FIGURES, TABLES, Staged

FROM_DICTIONARY = ("label", "tabel", "eenheid", "bron")
GEMEENTE_CODE = re.compile(r"\d{4}|regio|onbekend")
REPLACEMENT = "\ufffd"  # the replacement for a byte sequence that could not be decoded
MAY_BE_EMPTY = {("kwaliteit", "code"), ("leveringen", "sha256")}  # as the contract describes
# names and reasons from deliveries are not checked: one odd name must not block all figures
AS_DELIVERED = {("leveringen", "levering"), ("leveringen", "reden"), ("kwaliteit", "levering"), ("uitsplitsingen", "uitsplitsing_waarde")}
KEYS_IN_SUITE = FIGURES  # the suite checks that these have unique keys


@rule("een tekst van ons heeft geen spatie aan het begin of het eind, en er staan er geen twee naast elkaar", TABLES)
def spaces(staged: Staged) -> Faults:
    """Yield texts with superfluous spaces, as texts that look equal must be equal."""
    yield from ((where, name) for where, name, text in _texts(staged) if text != text.strip() or "  " in text)


@rule("een tekst van ons heeft geen onzichtbare tekens, en geen teken dat niet te lezen was", TABLES)
def characters(staged: Staged) -> Faults:
    """Yield texts with non-printable characters or characters lost in decoding."""
    for where, name, text in _texts(staged):
        if REPLACEMENT in text or not text.isprintable():
            yield where, name


@rule("een verplichte tekst is niet leeg", TABLES)
def text_filled(staged: Staged) -> Faults:
    """Yield empty required texts; an unknown value has a text too, such as `onbekend`."""
    for table in staged.promised():
        names = [column.name for column in table.columns if column.required and column.kind == "string"]
        names = [name for name in names if (table.name, name) not in MAY_BE_EMPTY]
        for where, row in staged.rows(table.name):
            yield from ((where, name) for name in names if row.get(name) == "")


@rule("waar het contract codes noemt, staat een van die codes", TABLES)
def code_in_contract(staged: Staged) -> Faults:
    """Yield codes that the contract does not allow."""
    for table in staged.promised():
        coded = {column.name: (*column.allowed, *([] if column.required else [None])) for column in table.columns if column.allowed}
        for where, row in staged.rows(table.name):
            yield from ((where, name) for name, allowed in coded.items() if row.get(name) not in allowed)


@rule("in kwaliteit, indicatoren en vergelijking staat elke sleutel één keer", ("kwaliteit", DICTIONARY, "vergelijking"))
def key_once(staged: Staged) -> Faults:
    """Yield duplicate keys."""
    for table in staged.promised():
        if table.key and table.name not in KEYS_IN_SUITE:
            found = Counter(tuple(str(row[name]) for name in table.key) for row in staged.tables[table.name])
            yield from ((table.file, ", ".join(key)) for key, times in found.items() if times > 1)


@rule("elke indicator die ergens staat, staat in indicatoren", (*FIGURES, "reconciliatie", DICTIONARY), "indicator")
def indicator_known(staged: Staged) -> Faults:
    """Yield indicators without a definition."""
    known = {row["indicator"] for row in staged.tables.get(DICTIONARY, ())}
    for where, row in staged.rows(*FIGURES, "reconciliatie"):
        if row["indicator"] not in known:
            yield where, "indicator"
    for where, row in staged.rows(DICTIONARY):
        yield from ((where, name) for name in ("teller", "noemer") if row[name] is not None and row[name] not in known)


@rule(
    "een indicator heeft overal het label, de tabel, de eenheid en de bron die in indicatoren staan", FIGURES, "label, tabel, eenheid, bron"
)
def as_the_dictionary(staged: Staged) -> Faults:
    """Yield values that differ from the dictionary."""
    dictionary = {row["indicator"]: row for row in staged.tables.get(DICTIONARY, ())}
    for where, row in staged.figures():
        entry = dictionary.get(row["indicator"], row)
        yield from ((where, name) for name in FROM_DICTIONARY if row[name] != entry[name])


@rule("elke plaats in de volgorde van het verslag is van één indicator", (DICTIONARY,), "volgorde")
def order_once(staged: Staged) -> Faults:
    """Yield duplicate positions in the report's order."""
    places = Counter(row["volgorde"] for row in staged.tables.get(DICTIONARY, ()))
    yield from ((where, "volgorde") for where, row in staged.rows(DICTIONARY) if places[row["volgorde"]] > 1)


@rule("een gemeentecode heeft vier cijfers, of is regio of onbekend", FIGURES, "gemeente_code")
def gemeente_code(staged: Staged) -> Faults:
    """Yield malformed codes; the leading zero is required, so that a code can be joined with other data."""
    yield from ((where, "gemeente_code") for where, row in staged.figures() if not GEMEENTE_CODE.fullmatch(row["gemeente_code"]))


@rule("eén gemeentecode is één naam, en één naam één code", FIGURES, "gemeente")
def one_name_per_gemeente(staged: Staged) -> Faults:
    """Yield codes with several names, and names with several codes."""
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    for where, row in staged.figures():
        code, name = row["gemeente_code"], row["gemeente"]
        if names.setdefault(code, name) != name or codes.setdefault(name, code) != code:
            yield where, "gemeente"


def _texts(staged: Staged) -> Iterator[tuple[str, str, str]]:
    """Yield every text that was not copied from a delivery: its place, its column, and the text."""
    for table in staged.tables:
        for where, row in staged.rows(table):
            for name, value in row.items():
                if isinstance(value, str) and (table, name) not in AS_DELIVERED:
                    yield where, name, value


RULES = (
    *(spaces, characters, text_filled, code_in_contract, key_once, indicator_known, as_the_dictionary, order_once),
    *(gemeente_code, one_name_per_gemeente),
)
