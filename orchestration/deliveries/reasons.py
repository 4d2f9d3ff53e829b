"""All reason codes in one table, and the exceptions that end the judging of a delivery.

Put here: a code, its severity (refusal of a delivery, rejection of a row, warning) and its explanation in Dutch. The order within a
severity is the precedence: of several faults the first is reported. Keep out: the rules themselves (`checks.py`, `verdict.py`, dbt), and
how delivered text appears in a message (`orchestration.scrub`).
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orchestration.errors import LeerplichtError
from orchestration.scrub import safe_text

Severity = Literal["geweigerd", "afgewezen", "waarschuwing"]


@dataclass(frozen=True)
class Reason:
    """A reason code, its severity and its explanation in Dutch."""

    code: str
    ernst: Severity
    uitleg: str


def _table(ernst: Severity, *rows: tuple[str, str]) -> tuple[Reason, ...]:
    return tuple(Reason(code, ernst, uitleg) for code, uitleg in rows)


REFUSALS = _table(
    "geweigerd",
    ("levering_leeg", "Geen enkel bestand heeft een rij, en de levering is geen mutatie."),
    ("manifest_ongeldig", "levering.json is geen JSON, of noemt een bron, entiteit, aard, naam of kennisdatum die niet kan."),
    ("kennisdatum_in_toekomst", "De kennisdatum ligt meer dan een dag in de toekomst."),
    ("hash_wijkt_af", "Een bestand is niet het bestand waarvan levering.json de sha256 geeft."),
    ("rijen_wijken_af", "Een bestand heeft een ander aantal records dan levering.json zegt."),
    ("bestand_ontbreekt", "Een bestand uit levering.json staat niet in de map."),
    ("bestand_niet_in_manifest", "In de map staat een bestand dat levering.json niet noemt."),
    ("kolom_ontbreekt", "Een verplichte kolom ontbreekt in een bestand."),
    ("bestand_onleesbaar", "Een bestand is niet welgevormd, afgebroken, onveilig (DTD of entiteit) of niet van zijn formaat."),
    ("te_veel_afgewezen", "Van een entiteit is een te groot deel van de rijen afgewezen."),
    ("volume_gedaald", "Een volledige entiteit laat te veel records eindigen: zij staan er niet meer in, en waren tot dan bekend."),
    ("kolom_verdwenen", "Een volledige levering mist een kolom van het contract die de aanvaarde levering ervoor wel had."),
    ("naam_hergebruikt", "Onder deze naam is eerder een levering met andere inhoud gezien; die blijft staan."),
)

REJECTIONS = _table(
    "afgewezen",
    ("sleutel_ontbreekt", "De sleutel van de rij is leeg."),
    ("sleutel_dubbel", "De sleutel komt in deze levering vaker voor, met hetzelfde mutatiemoment en andere inhoud."),
    ("waarde_ontbreekt", "Een verplichte waarde is leeg; van BSN en onderwijsnummer is er minstens één nodig."),
    ("datum_ongeldig", "Een datum of tijdstip bestaat niet of heeft niet de afgesproken vorm."),
    ("datum_buiten_bereik", "Een datum ligt voor 1990, of te ver na de kennisdatum (1 jaar, voor een einddatum 20 jaar)."),
    ("code_onbekend", "Een code staat niet in de lijst, of heeft niet de vorm van een BRIN, vestiging, gemeentecode of schooljaar."),
    ("waarde_onleesbaar", "De cel is een fout van een rekenblad, zoals #N/A, of een formule zonder uitkomst."),
    ("identificatie_ongeldig", "Het BSN of onderwijsnummer heeft geen negen cijfers of doorstaat de elfproef niet."),
    ("wijziging_in_kring", "Na deze wijziging van BSN zou een jongere via andere wijzigingen weer het oude BSN krijgen."),
    ("einde_voor_begin", "Een periode eindigt voordat zij begint."),
    ("getal_ongeldig", "Een getal is geen getal, is negatief, of heeft te veel cijfers."),
    ("einddatum_ontbreekt", "De einddatum is leeg, maar verplicht voor dit verzuimsoort."),
)

WARNINGS = _table(
    "waarschuwing",
    (
        "leeftijd_bij_soort",
        (
            "De leeftijd op de datum van de melding past niet bij het verzuimsoort: V3, LRV en L tot 18 jaar, "
            "V4 en RMC van 18 tot 23, en sinds 2026 tot 27."
        ),
    ),
    ("uren_onder_16", "Minder dan 16 uren bij V3 of V4."),
    ("uren_vanaf_16", "16 uren of meer bij overig verzuim."),
    ("buiten_definitie_jaarverslag", "Overig verzuim van 14 tot 16 uren: buiten de definitie van het jaarverslag."),
    ("brin_onbekend", "De BRIN staat niet in de lijst van scholen."),
    ("gemeente_onbekend", "De gemeentecode staat niet in de lijst van gemeenten, en ook niet bij hun opvolgers."),
    ("onbekend_bij_monitor", "De persoon komt in de monitor niet voor."),
    ("koppeling_afwijkend", "De rij koppelt een onderwijsnummer aan een ander BSN dan het laatst geleverde, dat telt."),
    ("niet_gekoppeld", "De rij heeft alleen een onderwijsnummer, en dat is aan geen BSN gekoppeld."),
    ("woongemeente_onbekend", "Van de persoon is geen woongemeente op die datum bekend."),
    ("melding_onbekend", "De interventie noemt een melding die niet bekend is."),
    ("pv_luxe_zonder_melding", "Een proces-verbaal voor luxe verzuim zonder melding van luxe verzuim."),
    ("spreekuur_zonder_melding", "Een spreekuur sinds 1 augustus 2024 zonder melding van dezelfde jongere binnen 28 dagen."),
    ("halt_leeftijd", "Een verwijzing naar Halt buiten de leeftijd van 12 tot en met 17 jaar."),
    ("art15_leeftijd", "Een vrijstelling volgens artikel 15 onder 16 jaar."),
    ("incident_bij_melding", "Een incident binnen 7 dagen van een melding van dezelfde jongere."),
    ("nullen_hersteld", "Voorloopnullen van het BSN zijn hersteld die een rekenblad had weggelaten."),
    ("identificatie_deels_ongeldig", "Van BSN en onderwijsnummer is er één ongeldig; het andere is gebruikt."),
    ("geboortedatum_onvolledig", "Van de geboortedatum ontbreekt de dag of de maand; gelezen als de 15e van de maand, of als 1 juli."),
    ("afloop_onbekend", "De afloop staat niet in de lijst van deze soort interventie en is als leeg gelezen."),
    ("waarde_weggelaten", "Een bijkomstige waarde heeft niet de vorm van het contract en is als leeg gelezen: er kan vrije tekst staan."),
    ("absoluut_niet_aannemelijk", "Absoluut verzuim van iemand die die dag is ingeschreven of een vrijstelling heeft."),
    ("kolom_weg", "Een kolom van het contract ontbreekt, en de aanvaarde levering ervoor had haar wel."),
    ("kolom_onbekend", "Een kolom staat niet in het contract en is overgeslagen."),
)

REASONS: dict[str, Reason] = {reason.code: reason for reason in REFUSALS + REJECTIONS + WARNINGS}
REFUSAL_RANK: dict[str, int] = {reason.code: rank for rank, reason in enumerate(REFUSALS)}
REJECTION_CODES: tuple[str, ...] = tuple(reason.code for reason in REJECTIONS)


class Refusal(LeerplichtError):  # noqa: N818 - the domain's word for it: geweigerd
    """A delivery that is refused.

    Args:
        code: One of `REFUSALS`.
        reden: One Dutch sentence that names the file and, if known, the line or column; never a delivered value.
    """

    def __init__(self, code: str, reden: str) -> None:
        super().__init__(reden)
        self.code = code
        self.reden = str(self)

    @property
    def rank(self) -> int:
        """Its precedence: of several refusals the lowest rank is reported."""
        return REFUSAL_RANK[self.code]

    def __reduce__(self) -> tuple[type["Refusal"], tuple[str, str]]:
        return (Refusal, (self.code, self.reden))


class Postponed(LeerplichtError):  # noqa: N818 - the domain's word for it: uitgesteld
    """A delivery that could not be read this time: it gets no verdict, and the next night tries again. The message is a Dutch sentence."""

    @classmethod
    def by(cls, fault: OSError, name: str = "") -> "Postponed":
        """Return it for an error of the operating system.

        Args:
            fault: The error.
            name: The file; by default the one that the error names.
        """
        if not name:
            name = Path(fault.filename).name if isinstance(fault.filename, str) else "de levering"
        if isinstance(fault, FileNotFoundError):
            return cls(f"{safe_text(name)}: verdwenen")
        return cls(f"{safe_text(name)}: nu niet te lezen ({errno.errorcode.get(fault.errno or 0, 'OSError')})")


@contextmanager
def postponing() -> Iterator[None]:
    """Raise `Postponed` for an error of the operating system: it passes, so it is no verdict on a delivery."""
    try:
        yield
    except OSError as fault:
        raise Postponed.by(fault) from None
