"""How a command or a run can end, with the exit code of each ending.

Put here: the endings and their codes. Keep out: deciding which it is; an error carries it (`errors.LeerplichtError`), and a run collects it
(`defs.lake_run`).
"""

from enum import StrEnum


class Afloop(StrEnum):
    """An ending. `code` is what the process exits with; `docs/nacht.md` shows the table, and a test compares the two."""

    GEPUBLICEERD = "gepubliceerd"
    KLAAR = "klaar"
    MISLUKT = "mislukt"
    INSTELLING = "instelling"
    NIETS_NIEUWS = "niets_nieuws"
    BEZET = "bezet"
    POORT_ROOD = "poort_rood"
    GEWEIGERD = "geweigerd"
    SCHIJF = "schijf"
    BESCHADIGD = "beschadigd"
    FOUT = "fout"
    AFGEBROKEN = "afgebroken"

    @property
    def code(self) -> int:
        """The exit code: 0 and 10 are good, all others are not."""
        return CODES[self]

    @property
    def is_good(self) -> bool:
        """Whether readers have what they should have."""
        return self in (Afloop.GEPUBLICEERD, Afloop.KLAAR, Afloop.NIETS_NIEUWS)


CODES = {
    Afloop.GEPUBLICEERD: 0,
    Afloop.KLAAR: 0,
    Afloop.MISLUKT: 1,
    Afloop.INSTELLING: 2,  # also what typer exits with for a wrong option
    Afloop.NIETS_NIEUWS: 10,
    Afloop.BEZET: 11,
    Afloop.POORT_ROOD: 12,
    Afloop.GEWEIGERD: 13,
    Afloop.SCHIJF: 14,
    Afloop.BESCHADIGD: 15,
    Afloop.FOUT: 70,  # EX_SOFTWARE of sysexits.h
    Afloop.AFGEBROKEN: 130,  # as a shell says it for Ctrl-C; a killed process has the code of its signal
}
