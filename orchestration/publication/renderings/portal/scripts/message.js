// The message of what is shown, in one sentence above it. It says only what the figures certainly say: nothing that rounding may have made, and
// no largest one where a figure is withheld.
// Put here: that sentence. Keep out: names (`names.js`), and how a difference is written in the table (`columns.js`).
"use strict";

const message = (() => {
  const WITHHELD = ["onderdrukt", "onderdrukt_primair", "onderdrukt_secundair"];
  const MANY = 3; // gemeenten that fit in a sentence
  const whole = new Intl.NumberFormat("nl-NL");
  const points = new Intl.NumberFormat("nl-NL", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  // a figure in a sentence
  function figure(row) {
    if (rows.number(row) === null) return `${data.betekenis[row.status].split(/[,:]/)[0]} (${row.weergave})`;
    const said = row.weergave.replace(/^ca\. /, "ongeveer ").replace(/^0–/, "0 tot en met ");
    return row.eenheid === "dagen" ? `${said} dagen` : said;
  }

  function difference(row, before) {
    const count = row.verschil !== null;
    const size = count ? row.verschil : row.verschil_punten;
    const [more, less] = count ? ["meer", "minder"] : ["hoger", "lager"];
    if (size === 0) return count ? `, evenveel als in ${before.schooljaar}` : `, gelijk aan ${before.schooljaar}`;
    const unit = row.eenheid === "procent" ? " procentpunt" : "";
    return `, ${(count ? whole : points).format(Math.abs(size))}${unit} ${size > 0 ? more : less} dan in ${before.schooljaar}`;
  }

  // in comparison with the schooljaar before, in so far as that can be said
  function compared(row) {
    const before = rows.before(row);
    if (!before || before.status === "niet_van_toepassing") return "";
    if (rows.number(row) === null || rows.number(before) === null) return WITHHELD.includes(before.status) ? `. In ${before.schooljaar}: ${figure(before)}` : "";
    if (row.trendbreuk) return `, en ${figure(before)} in ${before.schooljaar} (trendbreuk)`;
    if (!precision.isChangeAbout(row)) return (row.verschil ?? row.verschil_punten) === null ? "" : difference(row, before);
    if (row.verschil !== null && precision.tells(row)) {
      return `, ongeveer ${whole.format(Math.abs(row.verschil))} ${row.verschil > 0 ? "meer" : "minder"} dan in ${before.schooljaar}`;
    }
    if (row.verschil === null) return `, en ${figure(before)} in ${before.schooljaar}`;
    return `, en ${figure(before)} in ${before.schooljaar}. Het verschil kan door het afronden komen`;
  }

  function subject(chosen) {
    const value = chosen.uitsplitsing === choice.NONE ? "" : `, ${names.value(chosen.uitsplitsing, chosen.waarde)}`;
    return `${names.indicator(chosen.indicator)}${value}`;
  }

  function ofOne(row, chosen) {
    return `${subject(chosen)} in ${names.area(chosen.gemeente)}: ${figure(row)} in ${row.schooljaar}${compared(row)}.`;
  }

  function ofGemeenten(some, chosen, year) {
    const own = some.filter((row) => row.schooljaar === year && !["regio", "onbekend"].includes(row.gemeente_code));
    if (own.length && own.length <= MANY) return `${subject(chosen)} in ${year}: ${names.listed(own.map((row) => `${figure(row)} in ${row.gemeente}`))}.`;
    const [lowest, highest] = [Math.min, Math.max].map((end) => own.find((row) => row.percentage === end(...own.map((one) => one.percentage))));
    const exact = own.length > MANY && own.every((row) => row.status === "gepubliceerd" && row.percentage !== null);
    if (!exact || lowest === highest) return `${subject(chosen)} per gemeente.`;
    return `${subject(chosen)} in ${year}: het laagst in ${lowest.gemeente} (${lowest.weergave}) en het hoogst in ${highest.gemeente} (${highest.weergave}).`;
  }

  // the value that certainly has most; undefined if that cannot be said
  function most(own) {
    if (own.some((row) => row.waarde === null)) return undefined;
    const [first, second] = [...own].sort((one, other) => other.waarde - one.waarde);
    if (!first || first.uitsplitsing_waarde === "onbekend") return undefined;
    const next = second ? second.waarde + precision.off(second) : data.afronding.op - 1; // what has no row is smaller than that
    return first.waarde - precision.off(first) > next ? first : undefined;
  }

  function ofValues(some, chosen, year) {
    const first = most(some.filter((row) => row.schooljaar === year));
    const kind = chosen.uitsplitsing;
    if (!first) return `${names.indicator(chosen.indicator)} naar ${data.uitsplitsingen[kind]} in ${names.area(chosen.gemeente)}.`;
    const value = kind === "maand" ? names.month(first.uitsplitsing_waarde) : names.value(kind, first.uitsplitsing_waarde);
    const where = { maand: `in ${value}`, wijk: `in ${value}`, leeftijd: `bij ${value} jaar` }[kind] ?? `bij ‘${value}’`;
    return `${names.indicator(chosen.indicator)} in ${names.area(chosen.gemeente)}: de meeste ${where}, ${figure(first)} in ${year}.`;
  }

  /** The sentence about the rows of a choice. */
  function of(some, chosen) {
    const year = rows.years.findLast((one) => some.some((row) => row.schooljaar === one));
    if (chosen.indicator === choice.ALL || !year) return `${names.choiceOf(chosen)}.`;
    const split = choice.isSplit(chosen);
    if (chosen.gemeente === choice.ALL) return split ? `${names.indicator(chosen.indicator)} naar ${data.uitsplitsingen[chosen.uitsplitsing]}, per gemeente.` : ofGemeenten(some, chosen, year);
    return split ? ofValues(some, chosen, year) : ofOne(some.find((row) => row.schooljaar === year), chosen);
  }

  const WHOLE = /(\d{4}-\d{4}|ongeveer [\d.,]+%?|[\d.,]+ procentpunt)/;

  /** Put the sentence in a place, without a line that ends inside a figure. */
  function show(place, said) {
    const parts = said.split(WHOLE).map((text, at) => (at % 2 ? table.element("span", { className: "heel" }, text) : text));
    place.replaceChildren(...parts);
  }

  return { of, show };
})();
