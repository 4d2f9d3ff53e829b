"""Labels of codes for the portal, in addition to those that all renderings share (`names.py`, `report_tables.py`).

Put here: labels that only the portal needs. Keep out: labels of indicators and names of gemeenten: the release has those.
"""

from collections.abc import Mapping

from expectations import reference
from orchestration.publication import manifest
from orchestration.publication.disclosure.rounding import base
from orchestration.publication.extract import Row
from orchestration.publication.renderings import names
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import ABOUT_NOTHING, MEANING, title_of
from orchestration.publication.weergave import ABOUT, ROUNDED, weergave

UNITS = {"per_1000": "per 1.000 jongeren"}
# how `openbaar` shows an indicator, by the code in `indicatoren`
PRECISION: Mapping[str, str] = {
    "exact": "van elke gemeente het aantal zelf, als dat niet klein is; verdelingen zijn afgerond, en de regio meestal ook",
    "afgerond": "afgerond op een veelvoud van {to}",
}
OF_RATE = "exact als beide aantallen dat zijn, anders afgerond"
OF_MEDIAN = "afgerond op hele dagen, en alleen als het over genoeg meldingen gaat"
# what is wrong with a printed figure, by the verdict in `reconciliatie`
VERDICTS: Mapping[str, str] = {
    "wijkt_af": "anders dan ons cijfer",
    "som_onder_totaal": "telt niet op",
    "som_boven_totaal": "telt niet op",
    "documenten_verschillen": "de documenten verschillen",
    "onderdrukt_boven_grens": "<5, maar het is 5 of meer",
    "onderdrukking_herleidbaar": "<5, maar het is uit te rekenen",
    "onderdrukking_vernauwd": "<5, maar het is deels uit te rekenen",
    "tegenstrijdig": "kan niet samen waar zijn",
}


def table_name(code: str) -> str:
    """Return the title of a table: `verzuim_naar_soort` gives "Verzuim naar soort"."""
    return title_of(code)


def breakdown_name(code: str) -> str:
    """Return the name of a breakdown: `mas_route` gives "MAS-route"."""
    return reference.breakdowns()[code]["naam"] if code in reference.breakdowns() else code


def verdict_name(code: str) -> str:
    """Return the name of a verdict on a printed figure: `wijkt_af` gives "anders dan ons cijfer"."""
    return VERDICTS.get(code, code)


def unit_name(code: str) -> str:
    """Return the name of a unit: `per_1000` gives "per 1.000 jongeren"."""
    return UNITS.get(code, code)


def source_name(code: str) -> str:
    """Return the names of the sources of a figure: `carel+duo` gives "Carel en DUO"."""
    return names.listed(names.sources(code))


def precisions(to: int) -> Mapping[str, str]:
    """Tell what each code means that says how `openbaar` shows a count.

    Args:
        to: The multiple that counts are rounded to.
    """
    return {code: text.format(to=to) for code, text in PRECISION.items()}


def declared(indicator: Row) -> str:
    """Return the code that says how `openbaar` shows an indicator: rounded if none is given; empty of a release of contract version 1."""
    return indicator["openbaar"] or ROUNDED if "openbaar" in indicator else ""


def precision_of(indicator: Row, to: int) -> str:
    """Tell how `openbaar` shows an indicator; empty if the release does not say so, as those of contract version 1.

    Args:
        indicator: Its row in `indicatoren`.
        to: The multiple that counts are rounded to.
    """
    code = declared(indicator)
    if code not in PRECISION:
        return ""
    if indicator["factor"]:
        return OF_RATE
    if indicator["eenheid"] == "dagen":
        return OF_MEDIAN
    return precisions(to)[code]


def signs(source: Source) -> Mapping[str, str]:
    """Return every sign that a figure can have or be replaced by, with its meaning, including those that only other releases use.

    Args:
        source: The release, of which the settings say what is small and what is rounded to.
    """
    threshold = manifest.read(source.folder)["instellingen"]["suppression_threshold"]
    to = base(threshold)
    about = f"{MEANING[ROUNDED]}. Een aantal is afgerond op een veelvoud van {to}, en is minder dan {to} hoger of lager"
    rounded = {ABOUT.strip(): about, weergave(ROUNDED, 0, None, "", threshold, to): ABOUT_NOTHING}
    return rounded | {weergave(status, None, None, "", threshold): meaning for status, meaning in MEANING.items() if status != ROUNDED}
