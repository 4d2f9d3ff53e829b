// The chart of what was chosen: bars from zero, of each thing one per schooljaar. What is withheld or absent is named, and not drawn.
// Put here: the drawing. Keep out: the numbers as a reader wants them exactly: those stand in the table, which is always there.
"use strict";

const chart = (() => {
  const MOST = 240; // bars; more of them say nothing
  const BAR = 22;
  const NAME = 22;
  const GAP = 12;
  const LEFT = 80;
  const RIGHT = 76; // fits ca. 10.478

  /** Why there is no chart of these rows, and what to choose; empty when there is one. */
  function without(some, chosen) {
    if (!some.length) return "Er zijn geen cijfers bij deze keuze.";
    if (chosen.indicator === choice.ALL) return "Kies één indicator voor een grafiek.";
    if (chosen.uitsplitsing !== choice.NONE && rows.distinct(some, "gemeente_code").length > 1) return "Kies één gemeente voor een grafiek.";
    if (!some.some((row) => rows.number(row) !== null)) return "Van deze keuze is geen enkel cijfer openbaar; er is dus geen grafiek.";
    if (some.length > MOST) return `Dit zijn te veel rijen voor een grafiek.${chosen.schooljaar === choice.ALL ? " Kies één schooljaar." : ""}`;
    return "";
  }

  // of each row the group it stands in and its place there: the oldest schooljaar on top, however the table is sorted
  function placed(some, name) {
    const seen = new Map();
    return [...some]
      .sort((one, other) => rows.years.indexOf(one.schooljaar) - rows.years.indexOf(other.schooljaar))
      .map((row) => {
        const at = seen.get(name(row)) ?? 0;
        seen.set(name(row), at + 1);
        return { row, group: name(row), at, number: rows.number(row), last: row.schooljaar === rows.years.at(-1) };
      });
  }

  /** Draw rows of one indicator; what they are of stands in the order in which the rows are given. */
  function show(place, some, chosen) {
    const name = chosen.uitsplitsing === choice.NONE ? (row) => row.gemeente : columns.of(chosen).find((column) => column.name === "waarde").text;
    const bars = placed(some, name);
    const groups = [...new Set(some.map(name))];
    const series = Math.max(...bars.map((bar) => bar.at)) + 1;
    const high = NAME + series * BAR;
    const drawn = libraries.plot({
      className: "staven",
      width: place.clientWidth,
      height: groups.length * (high + GAP),
      marginLeft: LEFT,
      marginRight: RIGHT,
      marginTop: 0,
      marginBottom: 0,
      x: { axis: null, domain: [0, Math.max(...bars.map((bar) => bar.number ?? 0)) || 1] },
      y: { axis: null, domain: Array.from({ length: series }, (_, at) => at), padding: 0.25, insetTop: NAME },
      fy: { axis: null, domain: groups, padding: GAP / (high + GAP) },
      marks: marks(bars, groups),
    });
    drawn.querySelector("style")?.remove(); // it stands in the style sheet, as the page allows no style from elsewhere
    for (const part of drawn.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label"); // one picture, with one name
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", "Staafdiagram van de cijfers in de tabel hieronder");
    place.replaceChildren(drawn);
  }

  function marks(bars, groups) {
    const { barX, text, tickY } = libraries;
    const at = { fy: "group", y: "at" };
    const there = bars.filter((bar) => bar.number !== null);
    const absent = bars.filter((bar) => bar.number === null);
    const breaks = bars.filter((bar) => bar.row.trendbreuk && bar.at > 0);
    const bar = (last, fill) => barX(there.filter((one) => one.last === last), { ...at, x: "number", fill });
    const said = (some, options) => text(some, { ...at, fontSize: 13, ...options });
    const above = (some, group, options) => text(some, { fy: group, lineAnchor: "top", fontSize: 14, ...options });
    return [
      bar(false, "var(--staaf-eerder)"),
      bar(true, "var(--staaf)"),
      above(groups, (group) => group, { text: (group) => group, frameAnchor: "top-left", dx: -LEFT, fontWeight: 600 }),
      said(bars, { x: 0, text: (one) => one.row.schooljaar, textAnchor: "end", dx: -8 }),
      said(there, { x: "number", text: (one) => one.row.weergave, textAnchor: "start", dx: 6 }),
      said(absent, { x: 0, text: (one) => `${one.row.weergave}  ${data.betekenis[one.row.status].split(/[,:]/)[0]}`, textAnchor: "start", dx: 8, fontStyle: "italic" }),
      tickY(breaks, { ...at, dy: -BAR / 2, insetLeft: -LEFT, stroke: "var(--let-op)", strokeWidth: 2, strokeDasharray: "6 4" }),
      above(breaks.slice(0, 1), "group", { text: () => "- - trendbreuk", frameAnchor: "top-right", dx: RIGHT, fill: "var(--let-op)" }),
    ];
  }

  return { without, show };
})();
