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

  const text = (name, title, of) => ({ name, title, text: of });
  const place = (kind, value) => Object.keys(data.uitsplitsing_waarden[kind]).indexOf(value);

  const FIXED = {
    schooljaar: text("schooljaar", "Schooljaar", (row) => row.schooljaar),
    gemeente: text("gemeente", "Gemeente", (row) => row.gemeente),
    indicator: { ...text("indicator", "Indicator", (row) => row.label), order: (row) => rows.indicators.get(row.indicator)?.volgorde ?? 0 },
    eenheid: text("eenheid", "Eenheid", (row) => data.eenheden[row.eenheid] ?? row.eenheid),
    trendbreuk: text("trendbreuk", "Let op", (row) => (row.trendbreuk ? "trendbreuk" : "")),
  };

  const ABOUT = "ca. ";
  const PREVIOUS = pair("vorige_waarde", "vorig_percentage");
  const CHANGE = pair("verschil", "verschil_punten", true);
  const SHARE = pair("verschil_percentage", "verschil_percentage", true);

  function changed(row) {
    if (!precision.isChangeAbout(row)) return CHANGE.written(row, CHANGE.digits(row));
    const shown = CHANGE.written(row, precision.decimals(row));
    return shown && ABOUT + shown;
  }

  function share(row) {
    if (!precision.isChangeAbout(row)) return SHARE.written(row, digitsOf("verschil_percentage"));
    return row.verschil_percentage !== null && precision.tellsShare(row) ? ABOUT + SHARE.written(row, 0) : "";
  }

  // what a report prints stands in the release; a sign such as <5 has no number, and one after ca. is not to be reckoned with: `about`
  const NUMBERS = {
    cijfer: { name: "cijfer", title: "Cijfer", ...pair("waarde", "percentage"), text: (row) => row.weergave, about: precision.isAbout },
    vorig: {
      name: "vorig",
      title: "Vorig schooljaar",
      ...PREVIOUS,
      text: (row) => (precision.isAbout(rows.before(row)) ? rows.before(row).weergave : PREVIOUS.written(row, PREVIOUS.digits(row))),
      about: (row) => precision.isAbout(rows.before(row)),
    },
    verschil: { name: "verschil", title: "Verschil", ...CHANGE, text: changed, about: precision.isChangeAbout },
    verschil_procent: {
      name: "verschil_procent",
      title: "Verschil in %",
      number: (row) => (precision.tellsShare(row) ? (row.verschil_percentage ?? null) : null),
      digits: () => digitsOf("verschil_percentage"),
      text: share,
      about: precision.isChangeAbout,
    },
  };

  function valueOf(kind) {
    return {
      name: "waarde",
      title: capital(data.uitsplitsingen[kind]),
      text: (row) => data.uitsplitsing_waarden[kind][row.uitsplitsing_waarde],
      order: (row) => place(kind, row.uitsplitsing_waarde),
    };
  }

  function capital(word) {
    return word.charAt(0).toUpperCase() + word.slice(1);
  }

  /** The columns of a choice. A choice of one schooljaar, gemeente or indicator makes its column say the same in each row: `chosen`. */
  function of(chosen) {
    const split = chosen.uitsplitsing === choice.NONE ? [] : [valueOf(chosen.uitsplitsing)];
    const keys = ["schooljaar", "gemeente", "indicator"].map((name) => ({ ...FIXED[name], chosen: chosen[name] !== choice.ALL }));
    return [...keys, ...split, NUMBERS.cijfer, FIXED.eenheid, NUMBERS.vorig, NUMBERS.verschil, NUMBERS.verschil_procent, FIXED.trendbreuk];
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

  return { of, sorted, capital };
})();
