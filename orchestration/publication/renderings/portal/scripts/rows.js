// The figures of the release as rows, and which of them belong to a choice. They come in parts, one for each indicator and each of its breakdowns.
// Put here: getting and unpacking the parts, and selecting. Keep out: how a row looks, and in which order rows stand (`columns.js`, `table.js`).
"use strict";

const rows = (() => {
  const indicators = new Map(data.indicatoren.map((one) => [one.indicator, one]));
  const gemeenten = new Map(data.gemeenten);
  const years = data.schooljaren;
  const parts = new Map();
  const byPlace = new Map();

  function unpacked({ aantal, kolommen }) {
    const read = Object.entries(kolommen).map(([name, { waarden, plaats }]) => [name, plaats ? (at) => waarden[plaats[at]] : () => waarden[0]]);
    return Array.from({ length: aantal }, (_, at) => Object.fromEntries(read.map(([name, value]) => [name, value(at)])));
  }

  const part = (indicator, kind) => (kind ? `${indicator}.${kind}` : indicator);
  const place = (row, year) => [year, row.gemeente_code, row.indicator, row.uitsplitsing ?? "", row.uitsplitsing_waarde ?? ""].join("\0");

  /** Take a part: the script that holds it calls this. */
  function receive(indicator, kind, packed) {
    const some = unpacked(packed);
    parts.set(part(indicator, kind), some);
    for (const row of some) byPlace.set(place(row, row.schooljaar), row);
  }

  function distinct(some, column) {
    return [...new Set(some.map((row) => row[column]))];
  }

  /** The breakdowns that an indicator has; of all indicators together every one. */
  function kindsOf(indicator) {
    return Object.keys(data.uitsplitsingen).filter((kind) => indicator === choice.ALL || data.uitgesplitst[indicator]?.includes(kind));
  }

  function partsOf({ indicator, uitsplitsing }) {
    const kind = uitsplitsing === choice.NONE ? "" : uitsplitsing;
    const some = indicator === choice.ALL ? [...indicators.keys()] : [indicator];
    return some.filter((one) => !kind || kindsOf(one).includes(kind)).map((one) => part(one, kind));
  }

  /** Get the parts of a choice, unless they are here. */
  function get(chosen) {
    return Promise.all(partsOf(chosen).map((name) => load(`cijfers/${name}.js`)));
  }

  function all(chosen) {
    const matches = (row, column, wanted) => wanted === choice.ALL || row[column] === wanted;
    return partsOf(chosen)
      .flatMap((name) => parts.get(name))
      .filter(
        (row) =>
          matches(row, "schooljaar", chosen.schooljaar) &&
          matches(row, "gemeente_code", chosen.gemeente) &&
          (chosen.uitsplitsing === choice.NONE || matches(row, "uitsplitsing_waarde", chosen.waarde)),
      );
  }

  const applies = (row) => row.status !== "niet_van_toepassing";

  /** The rows of a choice of which the parts are here, in the order of the report; without a breakdown the figures themselves. */
  const of = (chosen) => all(chosen).filter(applies);

  /** The rows of a choice that cannot have a figure: they are told of, and not shown. */
  const senseless = (chosen) => all(chosen).filter((row) => !applies(row));

  /** The row of the same thing in the schooljaar before, `2023-2024` of one in `2024-2025`; undefined if the release has none. */
  function before(row) {
    const first = Number(row.schooljaar.slice(0, 4));
    return byPlace.get(place(row, `${first - 1}-${first}`));
  }

  /** The number of a row, count or rate; null where there is none, as where it is withheld. */
  function number(row) {
    return row.waarde ?? row.percentage;
  }

  return { receive, get, of, senseless, before, kindsOf, number, distinct, indicators, years, gemeenten };
})();
