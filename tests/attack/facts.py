"""What the definitions say about counts, as data.

Put here: which indicators have to do with each other. Keep out: to which counts of a release that applies (`definitions.py`).
"""

from itertools import combinations

REGIO, ONBEKEND, NOT_ENROLLED = "regio", "onbekend", "geen"
RELATIEF, MELDINGEN, HERHAALD = "relatief_verzuim_jongeren", "meldingen_totaal", "herhaalverzuim_jongeren"
UNIEK, ABSOLUUT, THUISZITTERS = "totaal_jongeren_uniek", "absoluut_verzuim", "thuiszitters"
PLICHTIG, OCW, OCW_HERHAALD = "verzuim_plichtig_jongeren", "ocw_relatief_jongeren", "ocw_relatief_herhaald_jongeren"
V3, V4, RMC, OVERIG, LUXE, LRV, HISTORISCH = SOORTEN = (
    "relatief_16_uur_18_min",
    "relatief_16_uur_18_plus",
    "verzuim_18_plus_4_weken",
    "overig_verzuim",
    "luxe_verzuim",
    "langdurig_relatief_verzuim",
    "historisch_verzuim",
)
UNDER_23, FROM_23 = AGES = ("verzuim_18_tot_23", "verzuim_23_tot_27")
# a melding is in at most one of these: of V4 and RMC together by age, or each by itself
APART = (SOORTEN, (V3, *AGES, OVERIG, LUXE, LRV, HISTORISCH))
SETS_OF_SOORTEN = list(dict.fromkeys(some for soorten in APART for size in range(2, 8) for some in combinations(soorten, size)))
MELDINGEN_OF = {soort: f"meldingen_{soort}" for soort in SOORTEN}
TELLING_V3, TELLING_V3_MELDINGEN = "telling_16_uur_jongeren", "telling_16_uur_meldingen"
TELLING_LUXE, TELLING_LUXE_MELDINGEN = "telling_luxe_jongeren", "telling_luxe_meldingen"
LRV_IN, LRV_OUT, LRV_OPEN = "lrv_instroom", "lrv_uitstroom", "lrv_stand_einde"  # what was open before is not published
STANDS = tuple(f"vrijstelling_{grond}_stand" for grond in ("5a", "5b", "5c", "15", "3a", "3b"))
PROCESSEN_VERBAAL = ("pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim")
TOTALS = {
    "totaal_jongeren": (ABSOLUUT, RELATIEF),
    "juridisch_totaal": (*PROCESSEN_VERBAAL, "haltstraf"),
    "vrijstellingen_totaal": ("vrijstelling_5a", "vrijstelling_5b", "vrijstelling_5c", "vrijstelling_15"),
    MELDINGEN: tuple(MELDINGEN_OF.values()),
    LRV_IN: (MELDINGEN_OF[LRV],),
}
# jongeren of the left are among those of the right
AMONG = (
    *((soort, RELATIEF) for soort in SOORTEN),
    (RELATIEF, UNIEK),
    (ABSOLUUT, UNIEK),
    (HERHAALD, RELATIEF),
    ("overig_buiten_definitie", OVERIG),
    (TELLING_V3, V3),
    (TELLING_V3, OCW),
    (TELLING_LUXE, LUXE),
    (TELLING_LUXE, RELATIEF),
    (TELLING_LUXE, PLICHTIG),
    (THUISZITTERS, UNIEK),
    (THUISZITTERS, PLICHTIG),
    *((age, RELATIEF) for age in AGES),
    (OCW, RELATIEF),
    (OCW, PLICHTIG),
    (OCW_HERHAALD, OCW),
    (PLICHTIG, UNIEK),
    ("absoluut_langer_3_maanden", ABSOLUUT),
    ("telling_absoluut_heringeschreven", "absoluut_opgelost"),
    *((stand, "vrijstellingen_stand") for stand in STANDS),
)
# jongeren, and the events of which each of them has at least one
EVENTS_OF = (
    (RELATIEF, MELDINGEN),
    *MELDINGEN_OF.items(),
    (TELLING_V3, TELLING_V3_MELDINGEN),
    (TELLING_LUXE, TELLING_LUXE_MELDINGEN),
)
# events of the left are among those of the right
EVENTS_AMONG = (
    (TELLING_V3_MELDINGEN, MELDINGEN_OF[V3]),
    (TELLING_LUXE_MELDINGEN, MELDINGEN_OF[LUXE]),
    ("meldingen_teruggeleid", "meldingen_gesloten"),
    ("meldingen_opgevolgd", MELDINGEN),
    ("vrijstellingen_verlenging", "vrijstellingen_totaal"),
)
# the sum of the left is at most the sum of the right
NO_MORE = (
    ((UNIEK,), (ABSOLUUT, RELATIEF)),
    ((RELATIEF,), SOORTEN),
    (("meldingen_gesloten",), (MELDINGEN_OF[V3], MELDINGEN_OF[LRV])),
    ((THUISZITTERS,), (LRV, ABSOLUUT)),
    ((THUISZITTERS,), (OCW, ABSOLUUT)),
    ((RELATIEF, HERHAALD), (MELDINGEN,)),
    ((OVERIG, V3), (MELDINGEN,)),
    ((OVERIG, V3, LRV_IN), (MELDINGEN,)),
    (("juridisch_totaal", "spreekuur_jongeren", "thuiszitterstafel_aanmeldingen"), ("interventies",)),
    # meldingen besides the first of their jongere: those of who is plichtig are among all of them
    ((TELLING_V3_MELDINGEN, V3), (MELDINGEN_OF[V3], TELLING_V3)),
    ((TELLING_LUXE_MELDINGEN, LUXE), (MELDINGEN_OF[LUXE], TELLING_LUXE)),
    ((TELLING_V3_MELDINGEN, V3, TELLING_LUXE_MELDINGEN, OVERIG, LRV_IN), (MELDINGEN, TELLING_V3)),
    # who is in two of these on the left has two meldingen, or one and a signal
    *(((age,), (V4, RMC)) for age in AGES),
    (AGES, (MELDINGEN_OF[V4], MELDINGEN_OF[RMC])),
    ((PLICHTIG, *AGES), (RELATIEF, HERHAALD, ABSOLUUT)),
    ((PLICHTIG, *AGES), (MELDINGEN, ABSOLUUT)),
    ((OCW, *AGES), (RELATIEF, HERHAALD)),
    ((TELLING_V3, TELLING_LUXE), (PLICHTIG, HERHAALD)),
    # nobody is plichtig and 23 in one schooljaar
    ((PLICHTIG, FROM_23), (UNIEK,)),
    ((OCW, FROM_23), (RELATIEF,)),
    ((PLICHTIG,), (OCW, TELLING_LUXE, V4, RMC, OVERIG, HISTORISCH, ABSOLUUT)),
    ((OCW,), (TELLING_V3, LRV, TELLING_LUXE)),
    ((OCW, OCW_HERHAALD), (TELLING_V3_MELDINGEN, LRV_IN, TELLING_LUXE_MELDINGEN)),
    ((OCW_HERHAALD,), (HERHAALD,)),
    (("vrijstellingen_stand",), STANDS),
    (("verlof_toegekend", "verlof_afgewezen"), ("verlof_aanvragen",)),
)
INTERVENTIES = {  # a value of soort: the indicators that count those interventies, or the jongeren who have them
    "halt": ("haltstraf",),
    "proces_verbaal": PROCESSEN_VERBAAL,
    "spreekuur": ("spreekuur_jongeren",),
    "thuiszitterstafel": ("thuiszitterstafel_aanmeldingen",),
}
ALL_OF_A_SOORT = ("halt", "proces_verbaal")
BROKEN_DOWN = (RELATIEF, OVERIG, V3)  # jongeren with breakdowns
ONDERWIJSSOORT = "onderwijssoort"
EACH_ONE_VALUE = "geslacht"  # a jongere has one
EACH_ONE_GEMEENTE = ("leerplichtigen", "vrijstellingen_stand", *STANDS)  # on the peildatum
REPEATED = {HERHAALD: RELATIEF, OCW_HERHAALD: OCW}
# by onderwijssoort, these say of a jongere without inschrijving whether the monitor knows him; others call both unknown
IN_TELLING = (
    ABSOLUUT, *PROCESSEN_VERBAAL, *(f"vrijstelling_{grond}" for grond in ("5a", "5b", "5c", "15", "3a", "3b")),
    TELLING_V3, TELLING_V3_MELDINGEN, TELLING_LUXE, TELLING_LUXE_MELDINGEN, "telling_absoluut_heringeschreven",
)  # fmt: skip
NEVER = {  # values by onderwijssoort that are 0: who is plichtig is in the monitor, and who is enrolled has a school
    ONBEKEND: (TELLING_V3, TELLING_V3_MELDINGEN, TELLING_LUXE, TELLING_LUXE_MELDINGEN, "telling_absoluut_heringeschreven"),
    NOT_ENROLLED: ("telling_absoluut_heringeschreven",),
}
