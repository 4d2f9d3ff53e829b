"""Rules on texts and codes: their format, and consistent names.

Put here: rules on single texts, and on codes and their names. Keep out: years and days (`times.py`), numbers (`numbers.py`).
"""

from expectations.files.rule import rule
from expectations.files.staged import DICTIONARY, FIGURES, TABLES, Faults, Staged

FROM_DICTIONARY = ("label", "tabel", "eenheid", "bron")
GEMEENTE_CODE = r"\d{4}|regio|onbekend"
REPLACEMENT = "\ufffd"  # the replacement for a byte sequence that could not be decoded
MAY_BE_EMPTY = {("kwaliteit", "code"), ("leveringen", "sha256")}  # as the contract describes
# names and reasons from deliveries are not checked: one odd name must not block all figures
AS_DELIVERED = frozenset(
    {("leveringen", "levering"), ("leveringen", "reden"), ("kwaliteit", "levering"), ("uitsplitsingen", "uitsplitsing_waarde")}
)
KEYS_IN_SUITE = FIGURES  # the suite checks that these have unique keys
KNOWN = f"(select indicator from {DICTIONARY} where indicator is not null)"  # noqa: S608 – a table of this project
# of each code its first name, and of each name its first code
OF_NAMES = """
cijfers
join (
    select gemeente_code, arg_min(gemeente, nr) as naam from cijfers group by all
) as namen on rij.gemeente_code = namen.gemeente_code
join (
    select gemeente, arg_min(gemeente_code, nr) as code from cijfers group by all
) as codes on rij.gemeente = codes.gemeente
"""


@rule("een tekst van ons heeft geen spatie aan het begin of het eind, en er staan er geen twee naast elkaar", TABLES)
def spaces(staged: Staged) -> Faults:
    """Yield texts with superfluous spaces, as texts that look equal must be equal."""
    return staged.where_text(lambda text: text != text.strip() or "  " in text, AS_DELIVERED)


@rule("een tekst van ons heeft geen onzichtbare tekens, en geen teken dat niet te lezen was", TABLES)
def characters(staged: Staged) -> Faults:
    """Yield texts with non-printable characters or characters lost in decoding."""
    return staged.where_text(lambda text: REPLACEMENT in text or not text.isprintable(), AS_DELIVERED)


@rule("een verplichte tekst is niet leeg", TABLES)
def text_filled(staged: Staged) -> Faults:
    """Yield empty required texts; an unknown value has a text too, such as `onbekend`."""
    for table in staged.promised():
        names = [column.name for column in table.columns if column.required and column.kind == "string"]
        for name in names:
            if (table.name, name) not in MAY_BE_EMPTY:
                yield from staged.where(table.name, f"rij.{name} = ''", name)


@rule("waar het contract codes noemt, staat een van die codes", TABLES)
def code_in_contract(staged: Staged) -> Faults:
    """Yield codes that the contract does not allow."""
    for table in staged.promised():
        for column in table.columns:
            if column.allowed:
                wrong = f"coalesce(not list_contains($1, rij.{column.name}), {str(column.required).lower()})"
                yield from staged.where(table.name, wrong, column.name, [list(column.allowed)])


@rule("in kwaliteit, indicatoren en vergelijking staat elke sleutel één keer", ("kwaliteit", DICTIONARY, "vergelijking"))
def key_once(staged: Staged) -> Faults:
    """Yield duplicate keys."""
    for table in staged.promised():
        if table.key and table.name not in KEYS_IN_SUITE:
            key = ", ".join(table.key)
            twice = f"select {key} from {table.name} group by all having count(*) > 1 order by all"  # noqa: S608 – names of the contract
            yield from ((table.file, ", ".join(map(str, found))) for found in staged.ask(twice))


@rule("elke indicator die ergens staat, staat in indicatoren", (*FIGURES, "reconciliatie", DICTIONARY), "indicator")
def indicator_known(staged: Staged) -> Faults:
    """Yield indicators without a definition."""
    for rows in ("cijfers", "reconciliatie"):
        yield from staged.where(rows, f"coalesce(rij.indicator not in {KNOWN}, true)", "indicator")
    for name in ("teller", "noemer"):
        yield from staged.where(DICTIONARY, f"rij.{name} not in {KNOWN}", name)


@rule(
    "een indicator heeft overal het label, de tabel, de eenheid en de bron die in indicatoren staan", FIGURES, "label, tabel, eenheid, bron"
)
def as_the_dictionary(staged: Staged) -> Faults:
    """Yield values that differ from the dictionary."""
    for name in FROM_DICTIONARY:
        joined = f"cijfers join {DICTIONARY} as beschreven on rij.indicator = beschreven.indicator"
        yield from staged.where(joined, f"rij.{name} is distinct from beschreven.{name}", name)


@rule("elke plaats in de volgorde van het verslag is van één indicator", (DICTIONARY,), "volgorde")
def order_once(staged: Staged) -> Faults:
    """Yield duplicate positions in the report's order."""
    twice = f"select volgorde from {DICTIONARY} group by all having count(*) > 1"  # noqa: S608 – a table of this project
    return staged.where(DICTIONARY, f"rij.volgorde in ({twice})", "volgorde")


@rule("een gemeentecode heeft vier cijfers, of is regio of onbekend", FIGURES, "gemeente_code")
def gemeente_code(staged: Staged) -> Faults:
    """Yield malformed codes; the leading zero is required, so that a code can be joined with other data."""
    return staged.where("cijfers", f"not regexp_full_match(rij.gemeente_code, '{GEMEENTE_CODE}')", "gemeente_code")


@rule("eén gemeentecode is één naam, en één naam één code", FIGURES, "gemeente")
def one_name_per_gemeente(staged: Staged) -> Faults:
    """Yield codes with several names, and names with several codes."""
    return staged.where(OF_NAMES, "rij.gemeente <> namen.naam or rij.gemeente_code <> codes.code", "gemeente")


RULES = (
    *(spaces, characters, text_filled, code_in_contract, key_once, indicator_known, as_the_dictionary, order_once),
    *(gemeente_code, one_name_per_gemeente),
)
