"""The figures of the example: those of the printed report, and for withheld figures values that fit its totals.

Put here: figures per gemeente and schooljaar. Keep out: everything else. The pipeline does not use this module.
"""

from dataclasses import dataclass

from orchestration.example.world import BORNE, HENGELO, Schooljaar

FIRST, SECOND = Schooljaar(2023), Schooljaar(2024)


@dataclass(frozen=True)
class Targets:
    """The figures of one gemeente and schooljaar.

    Args:
        leerplichtigen: Plichtig on 1 October.
        absoluut: Jongeren with absoluut verzuim.
        relatief: Jongeren with at least one melding.
        soorten: Jongeren per code of DUO; the report has no figure for LRV.
        both_18_plus: Jongeren of 18 or over with two soorten.
        proces_verbaal: Number per verzuimsoort.
        vrijstellingen: Number per grond.
    """

    leerplichtigen: int
    absoluut: int
    relatief: int
    soorten: dict[str, int]
    both_18_plus: int
    proces_verbaal: dict[str, int]
    halt: int
    incidenten: int
    vrijstellingen: dict[str, int]
    thuiszitterstafel: int


TARGETS = {
    (HENGELO, FIRST): Targets(
        leerplichtigen=10712,
        absoluut=7,
        relatief=453,
        soorten={"V3": 222, "O": 176, "L": 21, "LRV": 12, "V4": 28, "RMC": 38},
        both_18_plus=5,
        proces_verbaal={"relatief": 11, "absoluut": 0, "luxe": 4},
        halt=5,
        incidenten=390,
        vrijstellingen={"5a": 15, "5b": 10, "5c": 3, "15": 2},
        thuiszitterstafel=6,
    ),
    (HENGELO, SECOND): Targets(
        leerplichtigen=10478,
        absoluut=7,
        relatief=616,
        soorten={"V3": 303, "O": 302, "L": 14, "LRV": 16, "V4": 21, "RMC": 25},
        both_18_plus=4,
        proces_verbaal={"relatief": 3, "absoluut": 1, "luxe": 4},
        halt=14,
        incidenten=287,
        vrijstellingen={"5a": 21, "5b": 21, "5c": 6, "15": 0},
        thuiszitterstafel=8,
    ),
    (BORNE, FIRST): Targets(
        leerplichtigen=3696,
        absoluut=2,
        relatief=105,
        soorten={"V3": 65, "O": 21, "L": 0, "LRV": 15, "V4": 7, "RMC": 0},
        both_18_plus=0,
        proces_verbaal={"relatief": 2, "absoluut": 0, "luxe": 0},
        halt=1,
        incidenten=91,
        vrijstellingen={"5a": 3, "5b": 0, "5c": 0, "15": 2},
        thuiszitterstafel=2,
    ),
    (BORNE, SECOND): Targets(
        leerplichtigen=3694,
        absoluut=1,
        relatief=136,
        soorten={"V3": 75, "O": 60, "L": 0, "LRV": 4, "V4": 5, "RMC": 6},
        both_18_plus=1,
        proces_verbaal={"relatief": 9, "absoluut": 0, "luxe": 2},
        halt=3,
        incidenten=83,
        vrijstellingen={"5a": 2, "5b": 2, "5c": 1, "15": 2},
        thuiszitterstafel=3,
    ),
}
