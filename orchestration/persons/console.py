"""Prints what is past its period, in Dutch.

Put here: tables for a terminal. Keep out: finding it (`purge.py`).
"""

from rich.console import Console

from orchestration.persons.purge import Purge
from orchestration.screen import print_table


def print_purge(console: Console, found: Purge) -> None:
    """Print per class how many deliveries, rows and persons are past their period, and what stays nevertheless."""
    if found.nothing:
        console.print("niets is voorbij zijn bewaartermijn")
    else:
        rows = [
            (klasse, str(deliveries), *(str(counts[klasse] or "") for counts in (found.rows, found.persons)))
            for klasse, deliveries in sorted(found.deliveries.items())
        ]
        print_table(console, ("soort", ">leveringen", ">rijen", ">personen"), rows, "Voorbij de bewaartermijn")
    if found.rows:
        console.print("de cijfers van de schooljaren waarin zij meetelden veranderen; definitieve releases blijven wat zij zijn")
    if found.held:
        console.print(f"blijft door een bewaarplicht: {found.held} (leerplicht hold toont welke)")
    if found.waiting:
        console.print(f"blijft in landing, want de weigering staat nog: {found.waiting} (leerplicht status toont welke)")
