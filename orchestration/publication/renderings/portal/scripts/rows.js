// The figures of the release as rows, and which of them belong to a choice.
// Put here: unpacking what `data.js` holds, and selecting. Keep out: how a row looks, and in which order rows stand (`columns.js`, `table.js`).
"use strict";

const rows = (() => {
  const [figures, breakdowns] = data.rijen.map(unpacked);
  const indicators = new Map(data.indicatoren.map((one) => [one.indicator, one]));
  const years = distinct(figures, "schooljaar");
  const gemeenten = new Map(data.gemeenten);
  const kinds = new Map(); // of each indicator the breakdowns that it has
  for (const row of breakdowns) {
    if (!kinds.has(row.indicator)) kinds.set(row.indicator, new Set());
    kinds.get(row.indicator).add(row.uitsplitsing);
  }

  function unpacked({ aantal, kolommen }) {
    const read = Object.entries(kolommen).map(([name, { waarden, plaats }]) => [name, plaats ? (at) => waarden[plaats[at]] : () => waarden[0]]);
    return Array.from({ length: aantal }, (_, at) => Object.fromEntries(read.map(([name, value]) => [name, value(at)])));
  }

  function distinct(some, column) {
    return [...new Set(some.map((row) => row[column]))];
  }

  /** The rows of a choice, in the order of the release; without a breakdown the figures themselves. */
  function of(chosen) {
    const matches = (row, column, wanted) => wanted === choice.ALL || row[column] === wanted;
    return (chosen.uitsplitsing === choice.NONE ? figures : breakdowns).filter(
      (row) =>
        matches(row, "schooljaar", chosen.schooljaar) &&
        matches(row, "gemeente_code", chosen.gemeente) &&
        matches(row, "indicator", chosen.indicator) &&
        (chosen.uitsplitsing === choice.NONE || row.uitsplitsing === chosen.uitsplitsing),
    );
  }

  /** The breakdowns that an indicator has; of all indicators together every one. */
  function kindsOf(indicator) {
    return Object.keys(data.uitsplitsingen).filter((kind) => indicator === choice.ALL || kinds.get(indicator)?.has(kind));
  }

  const place = (row, year) => [year, row.gemeente_code, row.indicator, row.uitsplitsing ?? "", row.uitsplitsing_waarde ?? ""].join("\0");
  const byPlace = new Map([...figures, ...breakdowns].map((row) => [place(row, row.schooljaar), row]));

  /** The row of the same thing in the schooljaar before, `2023-2024` of one in `2024-2025`; undefined if the release has none. */
  function before(row) {
    const first = Number(row.schooljaar.slice(0, 4));
    return byPlace.get(place(row, `${first - 1}-${first}`));
  }

  /** The number of a row, count or rate; null where there is none, as where it is withheld. */
  function number(row) {
    return row.waarde ?? row.percentage;
  }

  return { of, before, kindsOf, number, distinct, indicators, years, gemeenten };
})();
