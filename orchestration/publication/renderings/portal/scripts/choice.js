// What the reader chose. It stands in the address after the #, so that it can be shared, and that the way back works.
// Put here: reading and writing the choice, and what may be chosen. Keep out: what is shown of it.
"use strict";

const choice = (() => {
  const ALL = "alle";
  const NONE = "geen";
  const FIRST = "verzuimpercentage"; // the figure of the report's title page

  function standard() {
    const first = rows.indicators.has(FIRST) ? FIRST : (data.indicatoren[0]?.indicator ?? ALL);
    return { indicator: first, gemeente: ALL, schooljaar: ALL, uitsplitsing: NONE, waarde: ALL, sorteer: "", richting: "op" };
  }

  function allowed(name, value, chosen) {
    const possible = {
      schooljaar: () => [ALL, ...rows.years],
      gemeente: () => [ALL, ...rows.gemeenten.keys()],
      indicator: () => [ALL, ...rows.indicators.keys()],
      uitsplitsing: () => [NONE, ...rows.kindsOf(chosen.indicator)],
      waarde: () => [ALL, ...Object.keys(data.uitsplitsing_waarden[chosen.uitsplitsing] ?? {})],
      sorteer: () => ["", ...columns.of(chosen).map((column) => column.name)],
      richting: () => ["op", "af"],
    };
    return possible[name]().includes(value);
  }

  /** The choice in the address. What this release does not have falls back to what is shown at first, and is named in `unknown`. */
  function read() {
    const said = new URLSearchParams(location.hash.slice(1));
    const chosen = standard();
    const unknown = [];
    for (const name of Object.keys(chosen)) {
      if (!said.has(name)) continue;
      if (allowed(name, said.get(name), chosen)) chosen[name] = said.get(name);
      else unknown.push(`${name} ‘${said.get(name)}’`);
    }
    return { chosen, unknown };
  }

  /** The address of a choice: only what differs from what is shown at first. */
  function address(chosen) {
    const first = standard();
    const said = Object.entries(chosen).filter(([name, value]) => name === "indicator" || value !== first[name]);
    return `#${new URLSearchParams(said)}`;
  }

  /** A choice with a part of it changed. What no longer goes with the rest is let go: a breakdown that the new indicator does not have. */
  function changed(chosen, part) {
    const made = { ...chosen, ...part };
    if (!allowed("uitsplitsing", made.uitsplitsing, made)) made.uitsplitsing = NONE;
    if (!allowed("waarde", made.waarde, made)) made.waarde = ALL;
    if (!allowed("sorteer", made.sorteer, made)) Object.assign(made, { sorteer: "", richting: "op" });
    return made;
  }

  /** Change a part of the choice; the page follows the address. */
  function change(part) {
    location.hash = address(changed(read().chosen, part));
  }

  /** Whether a choice shows all values of a breakdown. */
  function isSplit(chosen) {
    return chosen.uitsplitsing !== NONE && chosen.waarde === ALL;
  }

  return { ALL, NONE, read, changed, change, address, isSplit };
})();
