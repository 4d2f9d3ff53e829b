"""Rules on figures: the columns of a row are consistent with each other, and with the rows that they refer to.

Put here: checks on published rows alone. Keep out: sums of totals and breakdowns, which the suite checks (`suites/publicatie.py`).
"""

from expectations.files.rule import rule
from expectations.files.staged import DICTIONARY, FIGURES, Faults, Staged

SIGNS = {
    "onderdrukt_primair": r"<\d+",
    "onderdrukt_secundair": "x",
    "onderdrukt": "x",
    "afgerond": r"ca\. \d{1,3}(\.\d{3})*(,\d+)?%?|0–\d+",
    "niet_beschikbaar": r"\.",
    "niet_van_toepassing": "-",
}
HAS_FIGURE = "rij.status in ('gepubliceerd', 'afgerond')"
IS_RATE = "rij.eenheid in ('procent', 'per_1000', 'dagen')"

# of a figure the text without a sign that it is rounded, and the number that this text is
OF_TEXT = r"""
cijfers join (
    select
        nr,
        case
            when status <> 'afgerond' then weergave
            when coalesce(waarde, percentage) = 0 and starts_with(weergave, '0–') then '0'
            else regexp_replace(weergave, '^ca\. ', '')
        end as tekst,
        case
            when regexp_full_match(tekst, '-?\d{1,3}(\.\d{3})*(,\d{1,9})?%?')
                then try_cast(replace(replace(rtrim(tekst, '%'), '.', ''), ',', '.') as decimal(38, 9))
        end as getal
    from cijfers
) as gelezen using (nr)
"""
# the difference in tenths of a percent, rounded half away from zero; of what is rounded in whole percents
IN_PERCENT = """
met_vorige join (
    select
        nr,
        if(status = 'afgerond' or coalesce(status_toen, '') = 'afgerond', 100, 1000) as delen,
        cast(waarde as hugeint) - vorige_waarde as erbij,
        nullif(cast(vorige_waarde as hugeint), 0) as was,
        (2 * delen * abs(erbij) + abs(was)) // (2 * abs(was)) * sign(erbij) * sign(was) * (1000 // delen) as tienden
    from met_vorige
) as herrekend using (nr)
"""
# a share of a whole has meldingen as numerator and as denominator
SHARES = f"""
select geheel.indicator
from {DICTIONARY} as geheel
inner join {DICTIONARY} as teller on geheel.teller = teller.indicator and teller.eenheid = 'meldingen'
inner join {DICTIONARY} as noemer on geheel.noemer = noemer.indicator and noemer.eenheid = 'meldingen'
"""  # noqa: S608 – a table of this project
OF_RATE = """
cijfers
join {dictionary} as verhouding on rij.indicator = verhouding.indicator and verhouding.teller <> '' and verhouding.noemer <> ''
join cijfers as cijfer
    on verhouding.{name} = cijfer.indicator
    and rij.schooljaar = cijfer.schooljaar
    and rij.gemeente_code = cijfer.gemeente_code
    and rij.uitsplitsing = cijfer.uitsplitsing
    and rij.uitsplitsing_waarde = cijfer.uitsplitsing_waarde
"""
# only where every gemeente that is served has a number
OF_REGIO = """
kerncijfers left join (
    select
        schooljaar,
        indicator,
        sum(waarde) as som,
        count(waarde) as getallen
    from kerncijfers
    where gemeente_code not in ('regio', 'onbekend')
    group by all
) as delen using (schooljaar, indicator)
"""
SERVED = "(select count(distinct gemeente_code) from kerncijfers where gemeente_code not in ('regio', 'onbekend'))"
ORDERED = """
{table} join (
    select
        cijfer.nr,
        row(
            cijfer.schooljaar, cijfer.gemeente_code, coalesce(indicatoren.volgorde, 0),
            coalesce(cijfer.uitsplitsing, ''), coalesce(cijfer.uitsplitsing_waarde, '')
        ) as sleutel,
        lag(sleutel) over (order by cijfer.nr) as ervoor
    from (select null as uitsplitsing, null as uitsplitsing_waarde where false union all by name select * from {table}) as cijfer
    left join (select indicator, any_value(volgorde) as volgorde from indicatoren group by all) as indicatoren using (indicator)
) as volgorde using (nr)
"""


@rule(
    "een gepubliceerd aantal staat in waarde, een gepubliceerde verhouding in percentage; zonder cijfer zijn beide leeg",
    FIGURES,
    "waarde, percentage",
)
def one_figure_per_row(staged: Staged) -> Faults:
    """Yield figures in the wrong column for their unit, in both columns, or in none."""
    count, rate = f"({HAS_FIGURE} and not {IS_RATE})", f"({HAS_FIGURE} and {IS_RATE})"
    return staged.where("cijfers", f"(rij.waarde is not null) <> {count} or (rij.percentage is not null) <> {rate}")


@rule("wat een rapport drukt, is het cijfer zelf", FIGURES, "weergave")
def weergave_is_the_figure(staged: Staged) -> Faults:
    """Yield rows whose `weergave` does not parse to the figure; only a percentage has a percent sign."""
    figure = "coalesce(cast(rij.waarde as decimal(38, 9)), rij.percentage)"
    wrong = f"({figure} is distinct from gelezen.getal or (rij.eenheid = 'procent') <> ends_with(gelezen.tekst, '%'))"
    return staged.where(OF_TEXT, f"{HAS_FIGURE} and {figure} is not null and {wrong}", "weergave")


@rule("een teken staat alleen bij de status waar het bij hoort", FIGURES, "weergave")
def sign_of_status(staged: Staged) -> Faults:
    """Yield rows with the wrong sign for their status: `<5`, `x`, `.` or `-`; a rounded figure has the prefix `ca.`."""
    signs = " ".join(f"when '{status}' then regexp_full_match(rij.weergave, '{sign}')" for status, sign in SIGNS.items())
    return staged.where("cijfers", f"not case rij.status {signs} else true end", "weergave")


@rule("in intern is niets achtergehouden of afgerond", FIGURES, "status")
def nothing_withheld(staged: Staged) -> Faults:
    """Yield withheld or rounded figures: readers of `intern` may see every count."""
    return staged.where("cijfers", "starts_with(rij.status, 'onderdrukt') or starts_with(rij.status, 'afgerond')", "status")


@rule("het cijfer van het vorige schooljaar is dat van de rij van het vorige schooljaar", FIGURES, "vorige_waarde, vorig_percentage")
def previous_is_previous_row(staged: Staged) -> Faults:
    """Yield wrong previous values: a figure that is withheld in its own row must not appear in another."""
    differs = "rij.vorige_waarde is distinct from rij.toen or rij.vorig_percentage is distinct from rij.percentage_toen"
    nothing = "not rij.is_er and coalesce(rij.vorige_waarde = 0, false)"  # a part without a row had no records
    return staged.where("met_vorige", f"({differs}) and not ({nothing})", "vorige_waarde, vorig_percentage")


@rule(
    "een verschil is het cijfer min dat van het vorige schooljaar, en leeg als een van beide er niet is",
    FIGURES,
    "verschil, verschil_punten",
)
def difference(staged: Staged) -> Faults:
    """Yield wrong differences, of counts or of rates."""
    yield from staged.where("cijfers", "rij.verschil is distinct from rij.waarde - rij.vorige_waarde", "verschil")
    yield from staged.where("cijfers", "rij.verschil_punten is distinct from rij.percentage - rij.vorig_percentage", "verschil_punten")


@rule(
    "een verschil in procenten is het verschil gedeeld door het vorige aantal, op één decimaal, van wat is afgerond geen",
    FIGURES,
    "verschil_percentage",
)
def difference_in_percent(staged: Staged) -> Faults:
    """Yield wrong differences in percent; rounded half away from zero."""
    return staged.where(IN_PERCENT, "rij.verschil_percentage * 10 is distinct from herrekend.tienden", "verschil_percentage")


@rule("een verhouding is niet negatief, en een deel van het geheel van meldingen niet meer dan 100 procent", FIGURES, "percentage")
def rate_within_bounds(staged: Staged) -> Faults:
    """Yield rates out of bounds. A share of persons may exceed 100: its numerator counts some that its denominator does not."""
    share = f"rij.eenheid = 'procent' and rij.indicator in ({SHARES})"
    return staged.where("cijfers", f"rij.percentage < 0 or (rij.percentage > 100 and {share})", "percentage")


@rule("de teller en de noemer van een verhouding zijn de cijfers van de indicatoren die indicatoren noemt", FIGURES, "teller, noemer")
def teller_is_a_figure(staged: Staged) -> Faults:
    """Yield rates whose numerator or denominator differs from the published figure."""
    for name in ("teller", "noemer"):
        yield from staged.where(OF_RATE.format(dictionary=DICTIONARY, name=name), f"rij.{name} <> cijfer.waarde", name)


@rule("wat geen jongeren telt, telt van de gemeenten op tot de regio", ("kerncijfers",), "waarde")
def regio_adds_up(staged: Staged) -> Faults:
    """Yield wrong sums of the regio: a melding or incident belongs to one gemeente, but a jongere may have belonged to two."""
    adds_up = "rij.gemeente_code = 'regio' and rij.eenheid <> 'jongeren' and rij.status <> 'afgerond'"
    known = f"coalesce(delen.getallen, 0) = {SERVED}"
    return staged.where(OF_REGIO, f"{adds_up} and {known} and rij.waarde <> coalesce(delen.som, 0)", "waarde")


@rule("de rijen staan op schooljaar, gemeentecode en de volgorde van het verslag, en uitsplitsingen daarna op naam", FIGURES)
def sorted_rows(staged: Staged) -> Faults:
    """Yield rows out of order: readers may rely on the order, which is determined by the keys alone."""
    for table in FIGURES:
        yield from staged.where(ORDERED.format(table=table), "volgorde.sleutel < volgorde.ervoor")


RULES = (
    *(one_figure_per_row, weergave_is_the_figure, sign_of_status, nothing_withheld, previous_is_previous_row, difference),
    *(difference_in_percent, rate_within_bounds, teller_is_a_figure, regio_adds_up, sorted_rows),
)
