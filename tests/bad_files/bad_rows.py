"""Bad and unusual rows."""

# ruff: noqa: E501 - a case is one line, as in the table of the docs

from case import (
    LOADED,
    REFUSED,
    REJECTED,
    REPEATED,
    WARNED,
    Case,
    Landing,
    bsn,
    incident,
    melding,
    number,
    onderwijsnummer,
    person,
    row,
    table,
)

LATER = "2025-04-04T02:00:00+02:00"
AGREED = {"ONDERWIJSNUMMER": onderwijsnummer(1), "BSN": bsn(33_000_000), "DATUM_KOPPELING": "2025-01-01"}
SCHOOL = {"BSN": bsn(34_000_000), "BRIN": "09TB", "VESTIGING": "0", "ONDERWIJSSOORT": "VO", "DATUM_INSCHRIJVING": "2024-08-01"}
HOME = {"BSN": bsn(35_000_000), "GEMEENTECODE": "0164", "DATUM_VESTIGING": "2020-01-01", "DATUM_VERTREK": ""}
FIGURE = {"SCHOOLJAAR": "2024-2025", "GEMEENTECODE": "0164", "INDICATOR": "jongeren", "WAARDE": "10.712"}
ACT = {"INTERVENTIENR": "1", "BSN": bsn(36_000_000), "DATUM": "03-03-2025", "SOORT": "mdo", "VERZUIMSOORT": ""}
NEW = {"BSN_OUD": bsn(42_000_000), "BSN": bsn(43_000_000), "DATUM_WIJZIGING": "2025-01-01"}
EXEMPT = {"VRIJSTELLINGNR": "1", "BSN": bsn(37_000_000), "GROND": "5a", "AARD": "nieuw", "BESLUIT": "toegekend", "DATUM_INGANG": "01-08-2024", "DATUM_EINDE": "31-07-2025"}  # fmt: skip


def home(**values: str) -> dict[str, str]:
    """Return a valid woonperiode, without the column that need not be there."""
    return {"BSN": bsn(35_500_000), "GEMEENTECODE": "0164", "DATUM_VESTIGING": "2020-01-01"} | values


def too_many(landing: Landing, name: str) -> None:
    landing.meldingen(name, [melding(number(name) + n, UREN="x" if n < 6 else "1") for n in range(100)])


def duplicated(**values: str):
    """Make a CSV with a duplicate record, the second time with other values."""
    return lambda landing, name: landing.meldingen(
        name, [melding(number(name)), melding(number(name), **values), melding(number(name) + 1)]
    )


CASES = (
    Case("te-veel-afgewezen", "6 van de 100 rijen afgewezen", REFUSED, "te_veel_afgewezen", too_many, reden="6 van 100 rijen"),
    Case("kolom-verdwenen", "een volledige levering zonder een kolom die er de vorige keer was", REFUSED, "kolom_verdwenen", table("monitor", "woonperiode", "woonperioden.csv", home(), aard="volledig", kennisdatum=LATER), "monitor", before=lambda landing, _: table("monitor", "woonperiode", "woonperioden.csv", home(DATUM_VERTREK=""))(landing, "kolom-eerst"), reden="DATUM_VERTREK is weg"),
    Case("kolom-weg-mutatie", "een mutatie zonder een kolom die er de vorige keer was", WARNED, "kolom_weg", table("monitor", "woonperiode", "woonperioden.csv", home(), kennisdatum=LATER), "monitor"),
    Case("rij-zonder-sleutel", "een melding zonder nummer", REJECTED, "sleutel_ontbreekt", row(MELDINGSNUMMER=" ")),
    Case("rij-dubbel", "een melding twee keer met hetzelfde mutatiemoment en andere uren", REJECTED, "sleutel_dubbel", duplicated(UREN="17")),
    Case("rij-dubbel-gelijk", "een melding twee keer, gelijk op de toelichting na", REPEATED, "", duplicated(TOELICHTING="anders")),
    Case("rij-twee-versies", "een melding twee keer met een ander mutatiemoment", LOADED, "", duplicated(TIJDSTIP_LAATSTE_MUTATIE="13:00:00", UREN="17")),
    Case("rij-zonder-status", "een melding zonder status", REJECTED, "waarde_ontbreekt", row(STATUS="")),
    Case("rij-zonder-persoon", "een melding zonder BSN en onderwijsnummer", REJECTED, "waarde_ontbreekt", row(BSN="")),
    Case("jongere-zonder-persoon", "een jongere zonder BSN en onderwijsnummer", REJECTED, "sleutel_ontbreekt", table("monitor", "jongere", "jongeren.csv", person(), person(BSN="")), "monitor"),
    Case("rij-30-februari", "30 februari", REJECTED, "datum_ongeldig", row(DATUM_BEGIN="2025-02-30")),
    Case("rij-datumvorm", "een datum in de vorm van een andere bron", REJECTED, "datum_ongeldig", row(DATUM_BEGIN="01-02-2025")),
    Case("carel-datumvorm", "Carel met een datum in de vorm van DUO", REJECTED, "datum_ongeldig", table("carel", "incident", "incidenten.csv", incident("71"), incident("72", DATUM="2025-03-03")), "carel"),
    Case("rij-24-uur", "een tijdstip van 24:00:00", REJECTED, "datum_ongeldig", row(TIJDSTIP_LAATSTE_MUTATIE="24:00:00")),
    Case("rij-voor-1990", "een datum voor 1990", REJECTED, "datum_buiten_bereik", row(DATUM_BEGIN="1989-12-31")),
    Case("rij-te-ver", "een datum ruim een jaar na de kennisdatum", REJECTED, "datum_buiten_bereik", row(DATUM_MELDING="2026-03-04")),
    Case("rij-einde-te-ver", "een einddatum ruim twintig jaar na de kennisdatum", REJECTED, "datum_buiten_bereik", row(DATUM_EINDE="2045-03-04")),
    Case("rij-fout-rekenblad", "een fout van een rekenblad als nummer", REJECTED, "waarde_onleesbaar", row(MELDINGSNUMMER="#VERW!")),
    Case("rij-kleine-letter", "een code in kleine letters", REJECTED, "code_onbekend", row(STATUS="r")),
    Case("rij-soort-onbekend", "een verzuimsoort die niet bestaat", REJECTED, "code_onbekend", row(VERZUIMSOORT="V5")),
    Case("rij-brin", "een BRIN van drie tekens", REJECTED, "code_onbekend", row(BRIN="9TB")),
    Case("rij-brin-is-bsn", "een BSN in de kolom van de BRIN", REJECTED, "code_onbekend", row(BRIN=bsn(38_000_000))),
    Case("rij-vestiging", "een vestiging van zes tekens met een andere BRIN", REJECTED, "code_onbekend", row(VESTIGING="16KN01")),
    Case("woonperiode-gemeente", "een gemeentecode van drie cijfers", REJECTED, "code_onbekend", table("monitor", "woonperiode", "woonperioden.csv", HOME, HOME | {"GEMEENTECODE": "164", "DATUM_VESTIGING": "2021-01-01"}), "monitor"),
    Case("kerncijfer-schooljaar", "een schooljaar van drie jaren", REJECTED, "code_onbekend", table("monitor", "kerncijfer", "kerncijfers.csv", FIGURE, FIGURE | {"SCHOOLJAAR": "2023-2025"}), "monitor"),
    Case("rij-elfproef", "een BSN met een tikfout", REJECTED, "identificatie_ongeldig", row(BSN="123456789")),
    Case("rij-bsn-8", "een BSN van acht cijfers, van DUO", REJECTED, "identificatie_ongeldig", row(BSN=bsn(39_000_000)[:8])),
    Case("rij-bsn-10", "een BSN met een cijfer te veel", REJECTED, "identificatie_ongeldig", row(BSN=bsn(40_000_000) + "1")),
    Case("rij-bsn-nullen", "een BSN van nullen", REJECTED, "identificatie_ongeldig", row(BSN="000000000")),
    Case("rij-bsn-punten", "een BSN met punten", REJECTED, "identificatie_ongeldig", row(BSN="1234.56.782")),
    Case("rij-onderwijsnummer", "een BSN in de kolom van het onderwijsnummer", REJECTED, "identificatie_ongeldig", row(BSN="", ONDERWIJSNUMMER=bsn(41_000_000))),
    Case("koppeling-half", "een koppeling met een ongeldig BSN", REJECTED, "identificatie_ongeldig", table("duo", "koppeling", "koppeling.csv", AGREED, AGREED | {"ONDERWIJSNUMMER": onderwijsnummer(9), "BSN": "111111111"})),
    Case("rij-einde-voor-begin", "een einde voor het begin", REJECTED, "einde_voor_begin", row(DATUM_BEGIN="2025-02-11")),
    Case("inschrijving-terug", "uitgeschreven voor de inschrijving", REJECTED, "einde_voor_begin", table("monitor", "inschrijving", "inschrijvingen.csv", SCHOOL | {"DATUM_UITSCHRIJVING": ""}, SCHOOL | {"BRIN": "16KN", "DATUM_UITSCHRIJVING": "2024-07-31"}), "monitor"),
    Case("vrijstelling-terug", "een vrijstelling die eindigt voor haar ingang", REJECTED, "einde_voor_begin", table("carel", "vrijstelling", "vrijstellingen.csv", EXEMPT, EXEMPT | {"VRIJSTELLINGNR": "2", "DATUM_EINDE": "31-07-2024"}), "carel"),
    Case("rij-uren-negatief", "negatieve uren", REJECTED, "getal_ongeldig", row(UREN="-1")),
    Case("rij-uren-tekst", "uren die geen getal zijn", REJECTED, "getal_ongeldig", row(UREN="veel")),
    Case("rij-uren-formule", "uren die met = beginnen", REJECTED, "getal_ongeldig", row(UREN="=1+1")),
    Case("rij-uren-bsn", "een BSN in de uren", REJECTED, "getal_ongeldig", row(UREN="van 123456782 en 123 456 782")),
    Case("rij-uren-richting", "een richtingteken (bidi) in de uren", REJECTED, "getal_ongeldig", row(UREN="1\u202e6")),
    Case("rij-uren-lang", "uren van honderdduizend tekens", REJECTED, "getal_ongeldig", row(UREN="u" * 100_000)),
    Case("rij-zonder-einde", "V3 zonder einddatum", REJECTED, "einddatum_ontbreekt", row(DATUM_EINDE="")),
    Case("rij-einde-9999", "V3 met 9999-12-31 als einddatum: dat is geen einde", REJECTED, "einddatum_ontbreekt", row(DATUM_EINDE="9999-12-31")),
    Case("rij-begin-9999", "9999-12-31 als begin", REJECTED, "datum_buiten_bereik", row(DATUM_BEGIN="9999-12-31", DATUM_EINDE="", VERZUIMSOORT="L")),
    Case("jongere-geboren-dag", "een geboortedatum met een dag en zonder maand", REJECTED, "datum_ongeldig", table("monitor", "jongere", "jongeren.csv", person(), person(BSN=bsn(31_000_040), GEBOORTEDATUM="2009-00-05")), "monitor"),
    Case("wijziging-half", "een wijziging van BSN met een ongeldig nummer", REJECTED, "identificatie_ongeldig", table("monitor", "bsn_wijziging", "bsn_wijzigingen.csv", NEW, NEW | {"BSN_OUD": "111111111"}), "monitor"),
    Case("wijziging-in-kring", "twee wijzigingen van BSN, heen en terug", REJECTED, "wijziging_in_kring", table("monitor", "bsn_wijziging", "bsn_wijzigingen.csv", NEW, NEW | {"BSN_OUD": NEW["BSN"], "BSN": NEW["BSN_OUD"]}), "monitor"),
    Case("pv-zonder-soort", "een proces-verbaal zonder verzuimsoort", REJECTED, "waarde_ontbreekt", table("carel", "interventie", "interventies.csv", ACT, ACT | {"INTERVENTIENR": "2", "SOORT": "proces_verbaal"}), "carel"),
    Case("rij-deels-ongeldig", "een goed BSN en een ongeldig onderwijsnummer", WARNED, "identificatie_deels_ongeldig", row(ONDERWIJSNUMMER="109999999")),
    Case("carel-nullen", "Carel met een BSN zonder voorloopnullen", WARNED, "nullen_hersteld", table("carel", "incident", "incidenten.csv", incident("73", BSN=bsn(123_456)[2:])), "carel"),
    Case("jongere-geboren-onvolledig", "een geboortedatum zonder dag", WARNED, "geboortedatum_onvolledig", table("monitor", "jongere", "jongeren.csv", person(BSN=bsn(31_000_060), GEBOORTEDATUM="2009-05-00")), "monitor"),
    Case("afloop-anders", "een afloop van een andere soort interventie", WARNED, "afloop_onbekend", table("carel", "interventie", "interventies.csv", ACT | {"INTERVENTIENR": "3", "SOORT": "halt", "AFLOOP": "boete"}), "carel"),
    Case("rij-vestiging-zes", "een vestiging van zes tekens met de eigen BRIN", LOADED, "", row(VESTIGING="09TB02")),
    Case("rij-einde-open", "V4 met 9999-12-31 als einddatum: gelezen als leeg", LOADED, "", row(VERZUIMSOORT="V4", DATUM_EINDE="9999-12-31")),
    Case("rij-datum-zonder-streepjes", "een datum zonder streepjes, van DUO", LOADED, "", row(DATUM_BEGIN="20250201")),
    Case("rij-uren-decimalen", "uren met zes decimalen: vier blijven", LOADED, "", row(UREN="15,999999")),
)  # fmt: skip
