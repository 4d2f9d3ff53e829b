"""The breaks in the series, as the definitions list them.

Put here: which indicators break between which schooljaren. Keep out: the words of a reason, which are data.
"""

from datetime import date

PRIVATE_SCHOOLS = (date(2023, 8, 1), {"absoluut_verzuim"})
OTHER_REGISTRATION = (
    date(2024, 8, 1),
    {
        *("overig_verzuim", "incidenten", "relatief_verzuim_jongeren", "totaal_jongeren", "totaal_jongeren_uniek", "verzuimpercentage"),
        *("meldingen_overig_verzuim", "meldingen_totaal", "overig_buiten_definitie", "herhaalverzuim_jongeren"),
        *("verzuim_plichtig_jongeren", "verzuimpercentage_plichtig"),
    },
)
UNTIL_27 = (
    date(2026, 1, 1),
    {
        *("relatief_16_uur_18_plus", "verzuim_18_plus_4_weken"),
        *("meldingen_relatief_16_uur_18_plus", "meldingen_verzuim_18_plus_4_weken"),
        *("relatief_verzuim_jongeren", "meldingen_totaal", "totaal_jongeren", "totaal_jongeren_uniek", "verzuimpercentage"),
        "herhaalverzuim_jongeren",
    },
)


def days(schooljaar: str, indicator: str) -> list[date]:
    """Return the days of the breaks between the schooljaar before and this one, in order."""
    begin = int(schooljaar[:4])
    breaks = (PRIVATE_SCHOOLS, OTHER_REGISTRATION, UNTIL_27)
    return [day for day, names in breaks if indicator in names and date(begin, 8, 1) <= day < date(begin + 1, 8, 1)]
