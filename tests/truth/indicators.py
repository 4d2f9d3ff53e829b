"""Which indicators there are, how each counts, and which sources it needs.

Put here: the tables of the definitions. Keep out: events (`absences.py`, `measures.py`) and counting (`counting.py`).
"""

from truth.absences import SOORTEN
from truth.measures import GRONDEN

TOTALS = {
    "totaal_jongeren": ("absoluut_verzuim", "relatief_verzuim_jongeren"),
    "juridisch_totaal": ("pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf"),
    "vrijstellingen_totaal": ("vrijstelling_5a", "vrijstelling_5b", "vrijstelling_5c", "vrijstelling_15"),
}
RATES = {
    "verzuimpercentage": (100, "totaal_jongeren", "leerplichtigen"),
    "officieel_verzuim_percentage": (100, "relatief_16_uur_18_min", "leerplichtigen"),
    "absoluut_per_1000": (1000, "absoluut_verzuim", "leerplichtigen"),
    "relatief_per_1000": (1000, "telling_16_uur_jongeren", "leerplichtigen"),
    "opgevolgd_percentage": (100, "meldingen_opgevolgd", "meldingen_totaal"),
    "teruggeleid_percentage": (100, "meldingen_teruggeleid", "meldingen_gesloten"),
    "verzuimpercentage_plichtig": (100, "verzuim_plichtig_jongeren", "leerplichtigen"),
    "ocw_relatief_per_1000": (1000, "ocw_relatief_jongeren", "leerplichtigen"),
    "ocw_relatief_herhaald_per_1000": (1000, "ocw_relatief_herhaald_jongeren", "leerplichtigen"),
    "ocw_absoluut_per_1000": (1000, "ocw_absoluut_jongeren", "leerplichtigen"),
}
ON_POPULATION = {"leerplichtigen", *(name for name, (_, _, noemer) in RATES.items() if noemer == "leerplichtigen")}
REPEATED = {"herhaalverzuim_jongeren", "ocw_relatief_herhaald_jongeren"}  # jongeren with two or more
OF_SIGNALS = {"absoluut_verzuim", "absoluut_opgelost", "absoluut_langer_3_maanden", "telling_absoluut_heringeschreven"}
MEDIAN = "doorlooptijd_mediaan_dagen"
STANDS = {"vrijstellingen_stand", *(f"vrijstelling_{grond}_stand" for grond in GRONDEN)}
TELLING = {f"telling_{kind}_{unit}" for kind in ("16_uur", "luxe") for unit in ("jongeren", "meldingen")}
LRV = {"lrv_stand_begin", "lrv_instroom", "lrv_uitstroom", "lrv_stand_einde"}
PERSONS = {  # these count a person once; all others count events
    *SOORTEN.values(),
    *("relatief_verzuim_jongeren", "totaal_jongeren_uniek", "overig_buiten_definitie", "thuiszitters", "thuiszitters_geoorloofd"),
    *("telling_16_uur_jongeren", "telling_luxe_jongeren", "spreekuur_jongeren", "thuiszitterstafel_aanmeldingen"),
    *("verzuim_18_tot_23", "verzuim_23_tot_27", "verzuim_plichtig_jongeren", "ocw_relatief_jongeren", "ocw_absoluut_jongeren"),
    *OF_SIGNALS,
    *STANDS,
}
# the entiteiten that an indicator needs; a sum or rate needs those of its parts
ENTITEITEN: dict[str, tuple[str, ...]] = {
    "incidenten": ("incident",),
    **dict.fromkeys(
        ("interventies", *TOTALS["juridisch_totaal"], "spreekuur_jongeren", "thuiszitterstafel_aanmeldingen"), ("interventie",)
    ),
    **dict.fromkeys((*STANDS, *(f"vrijstelling_{grond}" for grond in GRONDEN), "vrijstellingen_verlenging"), ("vrijstelling",)),
    **dict.fromkeys(("verlof_aanvragen", "verlof_toegekend", "verlof_afgewezen"), ("verlofaanvraag",)),
    "thuiszitters_geoorloofd": ("thuiszitter_geoorloofd",),
    **dict.fromkeys(OF_SIGNALS, ("absoluut_verzuim",)),
    **dict.fromkeys((*SOORTEN.values(), *(f"meldingen_{row}" for row in SOORTEN.values()), *LRV, *REPEATED), ("verzuimmelding",)),
    **dict.fromkeys(("relatief_verzuim_jongeren", "overig_buiten_definitie", "meldingen_totaal"), ("verzuimmelding",)),
    **dict.fromkeys(("meldingen_gesloten", "meldingen_teruggeleid", "ocw_relatief_jongeren"), ("verzuimmelding",)),
    **dict.fromkeys(("verzuim_18_tot_23", "verzuim_23_tot_27"), ("verzuimmelding",)),
    **dict.fromkeys(TELLING, ("verzuimmelding",)),
    **dict.fromkeys(("totaal_jongeren_uniek", "verzuim_plichtig_jongeren"), ("verzuimmelding", "absoluut_verzuim")),
    "leerplichtigen": ("monitor",),
    **dict.fromkeys(("meldingen_opgevolgd", MEDIAN), ("verzuimmelding", "interventie")),
    "thuiszitters": ("verzuimmelding", "absoluut_verzuim", "vrijstelling"),
    "ocw_absoluut_jongeren": ("monitor", "absoluut_verzuim", "vrijstelling"),
}


def entiteiten(indicator: str) -> set[str]:
    """Return the entiteiten that an indicator needs."""
    parts = TOTALS.get(indicator) or RATES.get(indicator, (0,))[1:]
    return set().union(*map(entiteiten, parts)) if parts else set(ENTITEITEN[indicator])
