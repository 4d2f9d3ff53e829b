"""The peer: the kerncijfers from the delivered files in pandas, as a data team of a gemeente writes it today.

It reads the files as they come (CSV, XML, workbooks), of monitor and Carel only the newest register, and of DUO every change; keeps the
last version of a record, finds where a person lived, and groups. Like `floor.sql` it trusts the files: no checks beyond what a wrong row
would do to a figure, no history, no pseudonyms. `night.py` runs it and compares every cell with the night's.

Put here: that script, in pandas only. Keep out: measuring it.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"
WIE = ["BSN", "ONDERWIJSNUMMER"]
ALTIJD = pd.Timestamp("2262-01-01")  # no end known
DUO = {
    "NummerMeldingRelatiefVerzuim": "MELDINGSNUMMER",
    "DatumLaatsteMutatie": "DATUM_LAATSTE_MUTATIE",
    "TijdstipLaatsteMutatie": "TIJDSTIP_LAATSTE_MUTATIE",
    "StatusMeldingRelatiefVerzuim": "STATUS",
    "Verzuimsoort": "VERZUIMSOORT",
    "BSN": "BSN",
    "Onderwijsnummer": "ONDERWIJSNUMMER",
    "DatumBegin": "DATUM_BEGIN",
    "DatumEinde": "DATUM_EINDE",
    "DatumMelding": "DATUM_MELDING",
    "Uren": "UREN",
    "RedenMeldingAfgesloten": "REDEN_AFGESLOTEN",
}
MEASURES = {"halt": "haltstraf", "spreekuur": "spreekuur_jongeren", "thuiszitterstafel": "thuiszitterstafel_aanmeldingen"}


# reading
def newest(landing: Path, bron: str, name: str) -> Path:
    """Return a file of the last register of a source."""
    return max(landing.glob(f"{bron}/*/{name}.*"))


def register(path: Path, columns: list[str], dates: list[str], date_format: str = "%d-%m-%Y") -> pd.DataFrame:
    """Read a file of a register: text, but for its dates; a workbook and some CSV lost the zeros that a BSN begins with."""
    text = dict.fromkeys([*WIE, *columns], "str")
    names = [*text, *dates]
    if path.suffix == ".xlsx":
        frame = pd.read_excel(path, engine="calamine", usecols=names, dtype=text, parse_dates=dates)
    else:
        frame = pd.read_csv(path, sep=";", encoding="cp1252", usecols=names, dtype=text, parse_dates=dates, date_format=date_format)
    # a column without a value is no date to pandas
    return frame.assign(BSN=frame["BSN"].str.zfill(9), **{day: pd.to_datetime(frame[day]) for day in dates})


def changes(landing: Path) -> pd.DataFrame:
    """Read every change of DUO's meldingen, from CSV and XML; return the valid ones, the newest of a melding last."""
    read = []
    for path in sorted(landing.glob("duo/*/verzuimmeldingen.*")):
        if path.suffix == ".xml":
            # the whole file at once: three times as fast as `iterparse`
            told = pd.read_xml(path, dtype="str").rename(columns=DUO).reindex(columns=list(DUO.values()))
            dates = [column for column in told if str(column).startswith("DATUM_")]
            read.append(told.assign(**{column: told[column].str.replace("-", "") for column in dates}))
        else:
            read.append(pd.read_csv(path, sep=";", encoding="cp1252", usecols=list(DUO.values()), dtype="str"))
    told = pd.concat(read, ignore_index=True)
    ends = told["DATUM_EINDE"].notna() | ~told["VERZUIMSOORT"].isin(["V3", "LRV", "RMC"])
    told = told[told["VERZUIMSOORT"].isin(soorten().index) & is_bsn(told["BSN"]) & ends & (told["DATUM_BEGIN"] >= "19900101")]
    # the files are in order, and the sort keeps it
    return told.sort_values(["DATUM_LAATSTE_MUTATIE", "TIJDSTIP_LAATSTE_MUTATIE"], kind="stable")


def signals(landing: Path) -> pd.DataFrame:
    """Read every change of DUO's signals; return the last of each."""
    dates = ["DATUM_BEGIN", "DATUM_EINDE", "DATUM_LAATSTE_MUTATIE"]
    paths = sorted(landing.glob("duo/*/absoluut_verzuim.csv"))
    told = pd.concat([pd.read_csv(path, sep=";", dtype="str") for path in paths], ignore_index=True)
    told = told.assign(**{day: pd.to_datetime(told[day], format="%Y-%m-%d") for day in dates})
    return told.sort_values("DATUM_LAATSTE_MUTATIE", kind="stable").drop_duplicates("SIGNAALNUMMER", keep="last")


def couplings(landing: Path) -> pd.Series:
    """Return the BSN of an onderwijsnummer, by DUO's last word."""
    told = pd.concat([pd.read_csv(path, sep=";", dtype="str") for path in sorted(landing.glob("duo/*/koppeling.csv"))])
    return told.drop_duplicates("ONDERWIJSNUMMER", keep="last").set_index("ONDERWIJSNUMMER")["BSN"]


def soorten() -> pd.Series:
    """Return the indicator of each of DUO's codes."""
    return pd.read_csv(SEEDS / "kern" / "verzuimsoort.csv", dtype="str").set_index("duo_code")["verzuimsoort"]


def is_bsn(bsn: pd.Series) -> pd.Series:
    """Return whether a BSN, if there is one, passes the 11-test."""
    number = pd.to_numeric(bsn.where(bsn.str.fullmatch("[0-9]{9}").fillna(value=False)), errors="coerce").fillna(1).astype("int64")
    digits = [number // 10**place % 10 for place in range(9)]
    return bsn.isna() | ((sum(digit * place for place, digit in enumerate(digits[1:], start=2)) - digits[0]) % 11 == 0)


# who, when and where
def schooljaar(day: pd.Series) -> pd.Series:
    """Return the year in which the schooljaar of a day begins."""
    return day.dt.year - (day.dt.month < 8)


def persons(frame: pd.DataFrame, coupled: pd.Series) -> pd.DataFrame:
    """Replace the two numbers of a row by one."""
    return frame.assign(persoon=frame["BSN"].fillna(frame["ONDERWIJSNUMMER"].map(coupled)).fillna(frame["ONDERWIJSNUMMER"])).drop(
        columns=WIE
    )


def residence(moments: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Return where each person lived on a day: the period that began last, or else the first later one."""
    found = moments.merge(periods, on="persoon").query("tot > dag").sort_values("van")
    lived = found[found["van"] <= found["dag"]].drop_duplicates(["persoon", "dag"], keep="last").assign(woont=True)
    later = found[found["van"] > found["dag"]].drop_duplicates(["persoon", "dag"]).assign(woont=False)
    return pd.concat([lived, later]).drop_duplicates(["persoon", "dag"]).drop(columns=["van", "tot"])


def obliged(frame: pd.DataFrame) -> pd.Series:
    """Return who is leerplichtig or kwalificatieplichtig on a day."""
    born, day = frame["GEBOORTEDATUM"], frame["dag"]
    leap = (born.dt.month == 2) & (born.dt.day == 29)
    begun = day.dt.year * 12 + day.dt.month >= (born.dt.year + 5) * 12 + born.dt.month + 1 + leap
    ended = schooljaar(day) >= schooljaar(born) + 17
    free = (frame["DATUM_STARTKWALIFICATIE"] <= day) | (frame["DATUM_EINDE_KWALIFICATIEPLICHT"] <= day)
    return (begun & ~ended) | (ended & (frame["leeftijd"] < 18) & ~free)


def on_the_day(events: pd.DataFrame, jongeren: pd.DataFrame, periods: pd.DataFrame, enrolled: pd.DataFrame) -> pd.DataFrame:
    """Add what a person was on the day of an event: gemeente, age, plicht, school."""
    moments = events[["persoon", "dag"]].drop_duplicates()
    at_school = moments.merge(enrolled, on="persoon").query("van <= dag and tot > dag")[["persoon", "dag"]].drop_duplicates()
    found = moments.merge(residence(moments, periods), on=["persoon", "dag"], how="left").merge(jongeren, on="persoon", how="left")
    found = found.merge(at_school.assign(ingeschreven=True), on=["persoon", "dag"], how="left")
    born, day = found["GEBOORTEDATUM"], found["dag"]
    before = (day.dt.month * 100 + day.dt.day) < (born.dt.month * 100 + born.dt.day)
    found = found.assign(
        leeftijd=day.dt.year - born.dt.year - before,
        gemeente=found["gemeente"].fillna("onbekend"),
        woont=found["woont"].eq(other=True),
        ingeschreven=found["ingeschreven"].eq(other=True),
        overleden=found["DATUM_OVERLIJDEN"] <= day,
        schooljaar=schooljaar(day),
    )
    kept = ["persoon", "dag", "gemeente", "woont", "ingeschreven", "overleden", "schooljaar", "leeftijd"]
    return events.merge(found[kept].assign(plichtig=obliged(found)), on=["persoon", "dag"])


# what happened
class Deliveries:
    """What the files say, with one number for a person, and where that person was."""

    def __init__(self, landing: Path) -> None:
        coupled = couplings(landing)
        dates = ["GEBOORTEDATUM", "DATUM_STARTKWALIFICATIE", "DATUM_EINDE_KWALIFICATIEPLICHT", "DATUM_OVERLIJDEN"]
        jongeren = register(newest(landing, "monitor", "jongeren"), [], dates, "%Y-%m-%d")
        self.jongeren = persons(jongeren[is_bsn(jongeren["BSN"])], coupled)
        self.periods = self._periods(landing, "woonperioden", coupled, ["DATUM_VESTIGING", "DATUM_VERTREK"], ["GEMEENTECODE"])
        self.enrolled = self._periods(landing, "inschrijvingen", coupled, ["DATUM_INSCHRIJVING", "DATUM_UITSCHRIJVING"], [])
        told = persons(changes(landing), coupled)
        self.closed = closings(told)
        last = told.drop_duplicates("MELDINGSNUMMER", keep="last").query("STATUS != 'I'")
        self.meldingen = self._placed(
            last.assign(
                dag=pd.to_datetime(last["DATUM_MELDING"], format="%Y%m%d"),
                uren=pd.to_numeric(last["UREN"].str.replace(",", ".")),
            ).drop(columns=[column for column in last if str(column).startswith("DATUM_")])
        )
        self.signals = persons(signals(landing), coupled).query("STATUS != 'ingetrokken'").assign(dag=lambda told: told["DATUM_BEGIN"])
        self.known = pd.to_datetime(max(landing.glob("duo/*/absoluut_verzuim.csv")).parent.name[:8], format="%Y%m%d")
        carel = {
            "incidenten": ([], ["DATUM"]),
            "interventies": (["SOORT", "VERZUIMSOORT", "MELDINGSNUMMER"], ["DATUM"]),
            "vrijstellingen": (["VRIJSTELLINGNR", "GROND", "AARD", "BESLUIT"], ["DATUM_INGANG", "DATUM_EINDE"]),
            "verlofaanvragen": (["BESLUIT"], ["DATUM_AANVRAAG"]),
            "thuiszitters_geoorloofd": ([], ["DATUM_BEGIN", "DATUM_EINDE"]),
        }
        self.carel = {
            name: persons(register(newest(landing, "carel", name), columns, days), coupled).rename(columns={days[0]: "dag"})
            for name, (columns, days) in carel.items()
        }
        self.granted = self.carel["vrijstellingen"].query("BESLUIT == 'toegekend'")

    def _periods(self, landing: Path, name: str, coupled: pd.Series, days: list[str], columns: list[str]) -> pd.DataFrame:
        found = persons(register(newest(landing, "monitor", name), columns, days, "%Y-%m-%d"), coupled)
        found = found.rename(columns=dict(zip(days, ["van", "tot"], strict=True)) | {"GEMEENTECODE": "gemeente"})
        return found.assign(tot=found["tot"].fillna(ALTIJD)).query("tot > van")

    def _placed(self, events: pd.DataFrame) -> pd.DataFrame:
        return on_the_day(events, self.jongeren, self.periods, self.enrolled)

    def years(self) -> pd.DataFrame:
        """Return the schooljaren that the events are in."""
        years = pd.read_csv(SEEDS / "referentie" / "referentie__schooljaar.csv", parse_dates=["begin", "einde", "peildatum"])
        deciding = [self.meldingen, self.signals, self.carel["incidenten"], self.carel["interventies"], self.granted]
        days = pd.concat([frame["dag"] for frame in deciding])
        first = schooljaar(years["begin"])
        return years.assign(schooljaar=first, naam=years["schooljaar"])[first.between(*schooljaar(days.agg(["min", "max"])))]

    def rows(self, years: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield each indicator that is counted, with the rows that count in it."""
        signals = self._placed(self.signals)
        days = self.jongeren[["persoon"]].merge(years[["peildatum"]].rename(columns={"peildatum": "dag"}), how="cross")
        yield "leerplichtigen", self._placed(days).query("plichtig and woont and not overleden")
        yield from _of_meldingen(self.meldingen, signals)
        yield from _of_long_absence(self.meldingen, self.closed, years)
        yield from self._of_signals(signals, years)
        yield from self._of_carel(years)
        sitting = pd.concat([self.meldingen.query("plichtig and VERZUIMSOORT == 'LRV'"), signals.query("plichtig")], ignore_index=True)
        yield "thuiszitters", without(sitting, self.granted)

    def followed(self) -> pd.DataFrame:
        """Return the meldingen with an interventie after them, and the days to the first."""
        measures = self.carel["interventies"][["MELDINGSNUMMER", "dag"]]
        found = self.meldingen.merge(measures, on="MELDINGSNUMMER", suffixes=("", "_interventie"))
        found = found.assign(dagen=(found["dag_interventie"] - found["dag"]).dt.days).query("dagen >= 0")
        return found.sort_values("dagen").drop_duplicates("MELDINGSNUMMER")

    def _of_signals(self, signals: pd.DataFrame, years: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
        yield "absoluut_verzuim", signals
        end = signals["DATUM_EINDE"].fillna(self.known).clip(upper=self.known)
        end = end.clip(upper=pd.to_datetime((signals["schooljaar"] + 1).astype("str") + "-07-31"))
        yield "absoluut_langer_3_maanden", signals[end > signals["dag"] + pd.DateOffset(months=3)]
        solved = self.signals.query("STATUS == 'opgelost' and DATUM_EINDE.notna()")
        solved = self._placed(solved.assign(dag=solved["DATUM_EINDE"]))
        yield "absoluut_opgelost", solved
        yield "telling_absoluut_heringeschreven", solved.query("ingeschreven")
        days = self._placed(self._days_of(signals, years)).query("plichtig and woont and not overleden and not ingeschreven")
        yield "ocw_absoluut_jongeren", without(days, self.granted)

    def _days_of(self, signals: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
        """Return the days on which the person of a signal may have begun to be plichtig, without school or exemption."""
        runs = signals[["persoon", "dag", "DATUM_EINDE"]].merge(years[["begin", "einde"]], how="cross")
        first = runs["dag"].clip(lower=runs["begin"])
        runs = pd.DataFrame(
            {"persoon": runs["persoon"], "eerste": first, "laatste": runs["DATUM_EINDE"].fillna(self.known).clip(upper=runs["einde"])}
        )
        runs = runs.query("eerste <= laatste")
        born = self.jongeren["GEBOORTEDATUM"]
        leap = ((born.dt.month == 2) & (born.dt.day == 29)).astype("int64")
        begin = (born.dt.to_period("M") + 61 + leap).dt.to_timestamp()
        turns = [
            self.periods[["persoon", "van"]].set_axis(["persoon", "dag"], axis=1),
            self.periods[["persoon", "tot"]].set_axis(["persoon", "dag"], axis=1),
            self.enrolled[["persoon", "tot"]].set_axis(["persoon", "dag"], axis=1),
            pd.DataFrame({"persoon": self.granted["persoon"], "dag": self.granted["DATUM_EINDE"] + pd.Timedelta(days=1)}),
            pd.DataFrame({"persoon": self.jongeren["persoon"], "dag": begin}),
        ]
        changed = pd.concat([turn[turn["persoon"].isin(runs["persoon"])] for turn in turns])
        later = runs.merge(changed, on="persoon").query("dag > eerste and dag <= laatste")
        return pd.concat([runs.rename(columns={"eerste": "dag"}), later])[["persoon", "dag"]].drop_duplicates()

    def _of_carel(self, years: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
        yield "incidenten", self._placed(self.carel["incidenten"])
        measures = self._placed(self.carel["interventies"])
        yield "interventies", measures
        for soort, indicator in MEASURES.items():
            yield indicator, measures[measures["SOORT"] == soort]
        for soort, found in measures[measures["SOORT"] == "proces_verbaal"].groupby("VERZUIMSOORT"):
            yield f"pv_{soort}_verzuim", found
        exempt = self._placed(self.granted)
        for grond, found in exempt.groupby("GROND"):
            yield f"vrijstelling_{grond}", found
        yield "vrijstellingen_verlenging", exempt[(exempt["AARD"] == "verlenging") & ~exempt["GROND"].isin(["3a", "3b"])]
        holds = self.granted.merge(years[["peildatum"]], how="cross")
        holds = holds.query("dag <= peildatum and (DATUM_EINDE.isna() or DATUM_EINDE >= peildatum)")
        holds = self._placed(holds.assign(dag=holds["peildatum"]))
        yield "vrijstellingen_stand", holds
        for grond, found in holds.groupby("GROND"):
            yield f"vrijstelling_{grond}_stand", found
        asked = self._placed(self.carel["verlofaanvragen"])
        yield "verlof_aanvragen", asked
        for besluit in ("toegekend", "afgewezen"):
            yield f"verlof_{besluit}", asked[asked["BESLUIT"] == besluit]
        away = self.carel["thuiszitters_geoorloofd"].merge(years[["begin", "einde"]], how="cross")
        away = away.query("dag <= einde and (DATUM_EINDE.isna() or DATUM_EINDE >= begin)")
        yield "thuiszitters_geoorloofd", self._placed(away.assign(dag=away["dag"].clip(lower=away["begin"])))


def closings(told: pd.DataFrame) -> pd.Series:
    """Return when a melding was closed: the first of its last versions that say so."""
    last_first = told[["MELDINGSNUMMER", "STATUS", "DATUM_LAATSTE_MUTATIE"]].iloc[::-1]
    opened = (~last_first["STATUS"].isin(["G", "K"])).groupby(last_first["MELDINGSNUMMER"]).cumsum()
    closed = last_first[opened == 0].groupby("MELDINGSNUMMER")["DATUM_LAATSTE_MUTATIE"].min()
    return pd.to_datetime(closed, format="%Y%m%d")


def without(events: pd.DataFrame, granted: pd.DataFrame) -> pd.DataFrame:
    """Return the events of whom no vrijstelling holds on the day."""
    exempt = granted[["persoon", "dag", "DATUM_EINDE"]]
    held = events[["persoon", "dag"]].reset_index().merge(exempt, on="persoon", suffixes=("", "_ingang"))
    held = held.query("dag_ingang <= dag and (DATUM_EINDE.isna() or DATUM_EINDE >= dag)")
    return events[~events.index.isin(held["index"])]


def _of_meldingen(meldingen: pd.DataFrame, signals: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for soort, found in meldingen.groupby(meldingen["VERZUIMSOORT"].map(soorten())):
        yield str(soort), found
        yield f"meldingen_{soort}", found
    for indicator in ("meldingen_totaal", "relatief_verzuim_jongeren", "herhaalverzuim_jongeren"):
        yield indicator, meldingen
    yield "totaal_jongeren_uniek", pd.concat([meldingen, signals])
    yield "verzuim_plichtig_jongeren", pd.concat([meldingen.query("plichtig"), signals.query("plichtig")])
    yield "overig_buiten_definitie", meldingen.query("VERZUIMSOORT == 'O' and 14 <= uren < 16")
    for code, name in (("V3", "16_uur"), ("L", "luxe")):
        for unit in ("jongeren", "meldingen"):
            yield f"telling_{name}_{unit}", meldingen[meldingen["plichtig"] & (meldingen["VERZUIMSOORT"] == code)]
    yield "verzuim_18_tot_23", meldingen.query("VERZUIMSOORT in ('V4', 'RMC') and 18 <= leeftijd < 23")
    yield "verzuim_23_tot_27", meldingen.query("VERZUIMSOORT in ('V4', 'RMC') and 23 <= leeftijd < 27")
    for indicator in ("ocw_relatief_jongeren", "ocw_relatief_herhaald_jongeren"):
        yield indicator, meldingen.query("plichtig and (VERZUIMSOORT in ('V3', 'LRV') or (VERZUIMSOORT == 'L' and uren >= 16))")
    ended = meldingen.query("STATUS == 'G' and VERZUIMSOORT in ('V3', 'LRV')")
    yield "meldingen_gesloten", ended
    yield "meldingen_teruggeleid", ended[ended["REDEN_AFGESLOTEN"] == "1"]


def _of_long_absence(meldingen: pd.DataFrame, closed: pd.Series, years: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    cases = meldingen.query("VERZUIMSOORT == 'LRV'")
    yield "lrv_instroom", cases
    cases = cases.assign(gesloten=cases["MELDINGSNUMMER"].map(closed).clip(lower=cases["dag"])).drop(columns="schooljaar")
    cases = cases.merge(years[["schooljaar", "begin", "einde"]], how="cross")
    yield "lrv_uitstroom", cases.query("begin <= gesloten <= einde")
    yield "lrv_stand_begin", cases.query("dag < begin and (gesloten.isna() or gesloten >= begin)")
    yield "lrv_stand_einde", cases.query("dag <= einde and (gesloten.isna() or gesloten > einde)")


# counting
def counted(rows: pd.DataFrame, way: str, gemeenten: list[str]) -> pd.Series:
    """Return the count of an indicator per schooljaar and gebied."""
    rows = rows[["persoon", "schooljaar", "gemeente"]].rename(columns={"gemeente": "gebied"})
    own, regio = rows[rows["gebied"].isin([*gemeenten, "onbekend"])], rows[rows["gebied"].isin(gemeenten)].assign(gebied="regio")
    grouped = pd.concat([own, regio]).groupby(["schooljaar", "gebied"])["persoon"]
    if way == "jongeren":
        return grouped.nunique()
    if way == "herhaald":
        per_person = grouped.value_counts()
        return per_person[per_person >= 2].groupby(["schooljaar", "gebied"]).size()
    return grouped.size()


def kerncijfers(landing: Path, gemeenten: list[str]) -> tuple[pd.DataFrame, float]:
    """Return every figure, and the seconds that reading took."""
    began = time.perf_counter()
    told = Deliveries(landing)
    reading = time.perf_counter() - began
    years = told.years()
    indicators = pd.read_csv(SEEDS / "kern" / "indicator.csv").set_index("indicator")
    followed = told.followed()
    counts = {
        name: counted(rows, indicators.loc[name, "telwijze"], gemeenten) for name, rows in told.rows(years) if name in indicators.index
    }
    counts["meldingen_opgevolgd"] = counted(followed, "aantal", gemeenten)
    gebieden = [*gemeenten, "regio", "onbekend"]
    cells = pd.MultiIndex.from_product([years["schooljaar"], gebieden], names=["schooljaar", "gebied"])
    figures = pd.DataFrame(counts).reindex(index=cells, columns=indicators.index).fillna(0).astype("int64")
    for total, parts in sums(indicators):
        figures[total] = figures[parts].sum(axis=1)
    long = figures.stack().rename("waarde").reset_index()
    long = long.join(indicators[["telwijze", "op_leerplichtigen"]], on="indicator").set_index(["schooljaar", "gebied", "indicator"])
    long["percentage"] = pd.concat([rates(figures, indicators), medians(followed, gemeenten)])
    long["waarde"] = long["waarde"].astype("Int64").mask(long["telwijze"].isin(["verhouding", "mediaan"]))
    unknown = long["op_leerplichtigen"] & (long.index.get_level_values("gebied") == "onbekend")
    long[["waarde", "percentage"]] = long[["waarde", "percentage"]].mask(unknown)
    long = long.reset_index().rename(columns={"gebied": "gemeente_code"})
    long["schooljaar"] = long["schooljaar"].map(years.set_index("schooljaar")["naam"])
    return long[["schooljaar", "gemeente_code", "indicator", "waarde", "percentage"]], reading


def sums(indicators: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """Yield each total, and what it adds up."""
    known = pd.read_csv(SEEDS / "referentie" / "referentie__verband.csv").query("relatie == '='").set_index("links")["rechts"]
    for total in indicators.index[indicators["telwijze"] == "optelling"]:
        yield total, known[total].split("+")


def rates(figures: pd.DataFrame, indicators: pd.DataFrame) -> pd.Series:
    """Return the rates, rounded half up to two decimals."""
    found = {}
    for name, rate in indicators.query("telwijze == 'verhouding'").iterrows():
        part, whole = figures[rate["teller"]], figures[rate["noemer"]].where(lambda count: count > 0)
        found[name] = (2 * int(rate["factor"]) * 100 * part + whole) // (2 * whole) / 100
    return pd.DataFrame(found).rename_axis(columns="indicator").stack()


def medians(followed: pd.DataFrame, gemeenten: list[str]) -> pd.Series:
    """Return the median number of days to the first interventie."""
    regio = followed[followed["gemeente"].isin(gemeenten)].assign(gemeente="regio")
    found = pd.concat([followed, regio]).groupby(["schooljaar", "gemeente"])["dagen"].median()
    return found.rename_axis(["schooljaar", "gebied"]).to_frame("doorlooptijd_mediaan_dagen").rename_axis(columns="indicator").stack()


if __name__ == "__main__":
    given, codes, target = sys.argv[1:]
    start = time.perf_counter()
    made, took = kerncijfers(Path(given), codes.split(","))
    made.to_parquet(target, index=False)
    sys.stdout.write(json.dumps({"reading": took, "seconds": time.perf_counter() - start}))
