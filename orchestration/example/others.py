"""The national figures that others published, as two public documents print them: the only figures of the example that are not fictitious.

Put here: those figures and where they were found. Keep out: the delivery (`deliveries.py`).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from orchestration.example.files import Row

FIRST_YEAR = 2016
# per 1,000 leerplichtigen, a calendar year each
PRINTED = {
    "ocw_absoluut_per_1000": ("1.8", "1.8", "2.1", "2.4", "2.7", "2.7", "4.2", "6.3"),
    "ocw_relatief_per_1000": ("27", "27", "25", "25", "20", "20", "24", "27"),
}
WHERE = "Gemeente Neder-Betuwe, begroting 2024; gemeente Waadhoeke, jaarverslag 2024."
# the documents do not say when they were published, and the contract asks for a day
DAY, NOT_TOLD = date(2024, 12, 31), "De dag van publicatie is niet vermeld: hier staat de laatste van dat jaar."


def rows() -> Iterator[Row]:
    """Yield the rows of `vergelijkingscijfer`."""
    about = {"bron": "Gemeenten Neder-Betuwe en Waadhoeke", "publicatiedatum": DAY, "gebied_soort": "land", "gebied_code": "NL"}
    about |= {"licentie": "niet vermeld", "vindplaats": f"{WHERE} {NOT_TOLD}"}
    for indicator, values in PRINTED.items():
        for year, value in enumerate(values, FIRST_YEAR):
            yield about | {"peiljaar": str(year), "indicator": indicator, "waarde": Decimal(value)}
