// The columns of the table, one list for the screen and for what is downloaded: so both show the same.
// Put here: which columns there are, what stands in a cell, and how a number is written. Keep out: HTML and files.
"use strict";

const columns = (() => {
  const written = (digits, sign) =>
    new Intl.NumberFormat("nl-NL", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: sign ? "exceptZero" : "auto" });
  const digitsOf = (name) => data.kolommen.find((column) => column.naam === name).decimalen ?? 0;

  // a count and a rate each have columns of their own in the release; a row fills one of both
  function pair(count, rate, sign) {
    const of = (row) => (row[count] ?? null) !== null ? count : rate;
    return {
      number: (row) => row[of(row)] ?? null,
      digits: (row) => (of(row) === rate ? digitsOf(rate) : 0),
      written: (row, digits) => ((row[of(row)] ?? null) === null ? "" : written(digits, sign).format(row[of(row)])),
    };
  }

  // a unit that is written behind a number; of a difference of percentages another one
  const signed = (text, row, sign = "%") => (text && row.eenheid === "procent" ? `${text}${sign}` : text);

  const text = (name, title, of) => ({ name, title, text: of });
  const place = (kind, value) => Object.keys(data.uitsplitsing_waarden[kind]).indexOf(value);

  const FIXED = {
    schooljaar: text("schooljaar", "Schooljaar", (row) => row.schooljaar),
    gemeente: text("gemeente", "Gemeente", (row) => row.gemeente),
    indicator: {
      ...text("indicator", "Cijfer over", (row) => names.indicator(row.indicator)),
      order: (row) => rows.indicators.get(row.indicator)?.volgorde ?? 0,
      leadsTo: (row) => ({ indicator: row.indicator }),
    },
    eenheid: text("eenheid", "Eenheid", (row) => data.eenheden[row.eenheid] ?? row.eenheid),
    trendbreuk: { ...text("trendbreuk", "Let op", (row) => (row.trendbreuk ? "trendbreuk" : "")), chosen: true },
  };

  const ABOUT = "ca. ";
  const PREVIOUS = pair("vorige_waarde", "vorig_percentage");
  const CHANGE = pair("verschil", "verschil_punten", true);
  const SHARE = pair("verschil_percentage", "verschil_percentage", true);

  const POINTS = " procentpunt";

  function changed(row) {
    if (!precision.isChangeAbout(row)) return signed(CHANGE.written(row, CHANGE.digits(row)), row, POINTS);
    const shown = signed(CHANGE.written(row, precision.decimals(row)), row, POINTS);
    return shown && ABOUT + shown;
  }

  function share(row) {
    if (row.verschil_percentage === null || !precision.tellsShare(row)) return "";
    return precision.isChangeAbout(row) ? `${ABOUT}${SHARE.written(row, 0)}%` : `${SHARE.written(row, digitsOf("verschil_percentage"))}%`;
  }

  // a comparison over a break says so in its own cell
  const broken = (of) => (row) => (row.trendbreuk && of(row) ? "trendbreuk" : "");

  // what a report prints stands in the release; a sign such as <5 has no number, and one after ca. is not to be reckoned with: `about`
  const NUMBERS = {
    cijfer: { name: "cijfer", title: "Cijfer", ...pair("waarde", "percentage"), text: (row) => row.weergave, about: precision.isAbout },
    vorig: {
      name: "vorig",
      title: "Vorig schooljaar",
      ...PREVIOUS,
      text: (row) => (precision.isAbout(rows.before(row)) ? rows.before(row).weergave : signed(PREVIOUS.written(row, PREVIOUS.digits(row)), row)),
      about: (row) => precision.isAbout(rows.before(row)),
    },
    verschil: { name: "verschil", title: "Verschil", ...CHANGE, text: changed, mark: broken(changed), about: precision.isChangeAbout },
    verschil_procent: {
      name: "verschil_procent",
      title: "Verschil in %",
      number: (row) => (precision.tellsShare(row) ? (row.verschil_percentage ?? null) : null),
      digits: () => digitsOf("verschil_percentage"),
      text: share,
      mark: broken(share),
      about: precision.isChangeAbout,
    },
  };

  function valueOf(kind) {
    return {
      name: "waarde",
      title: names.capital(data.uitsplitsingen[kind]),
      text: (row) => names.value(kind, row.uitsplitsing_waarde),
      order: (row) => place(kind, row.uitsplitsing_waarde),
    };
  }

  /**
   * The columns of a choice. The first heads the rows: it is what they differ in most. What is the same in each row (`chosen`) stands above the table,
   * and only a file has it as a column.
   */
  function of(chosen) {
    const fixed = ["schooljaar", "gemeente", "indicator"].map((name) => ({ ...FIXED[name], chosen: chosen[name] !== choice.ALL }));
    const split = chosen.uitsplitsing === choice.NONE ? [] : [{ ...valueOf(chosen.uitsplitsing), chosen: chosen.waarde !== choice.ALL }];
    const [schooljaar, gemeente, indicator] = fixed;
    const keys = [indicator, ...split, gemeente, schooljaar];
    const head = keys.find((column) => !column.chosen) ?? schooljaar;
    Object.assign(head, { head: true, chosen: false });
    const unit = { ...FIXED.eenheid, chosen: chosen.indicator !== choice.ALL };
    return [head, ...keys.filter((column) => column !== head), NUMBERS.cijfer, NUMBERS.vorig, NUMBERS.verschil, NUMBERS.verschil_procent, unit, FIXED.trendbreuk];
  }

  const alphabet = new Intl.Collator("nl-NL", { numeric: true });

  /** The rows in the order of a column; without a number they stand last either way, and so in no order that tells how large they are. */
  function sorted(some, column, direction) {
    if (!column) return some;
    const sign = direction === "af" ? -1 : 1;
    const key = column.number ?? column.order ?? column.text;
    const compare = column.number || column.order ? (one, other) => one - other : alphabet.compare;
    const filled = some.filter((row) => key(row) !== null);
    const empty = some.filter((row) => key(row) === null);
    return [...filled.sort((one, other) => sign * compare(key(one), key(other))), ...empty];
  }

  return { of, sorted };
})();
