"""`docs/leveringen.md` has the current reason codes, cases and ledger fields."""

from table import PAGE, renewed

from orchestration.deliveries.ledger import LedgerEntry


def test_the_tables_are_up_to_date():
    assert PAGE.read_text() == renewed(PAGE.read_text()), "run: python tests/bad_files/table.py"


def test_every_field_of_the_ledger_is_explained():
    page = PAGE.read_text()
    assert not [name for name in LedgerEntry.model_fields if f"`{name}`" not in page]
