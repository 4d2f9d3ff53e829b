// What a reader must know of the chosen figures: definition, source, peildatum, and whether the years can be compared.
// Put here: the words beside the table. Keep out: the dictionary of all indicators, which is a page of its own.
"use strict";

const explanation = (() => {
  const day = new Intl.DateTimeFormat("nl-NL", { dateStyle: "long", timeZone: "UTC" });

  function calculation({ teller, noemer, factor, afronding }) {
    if (!factor) return "";
    const label = (code) => rows.indicators.get(code)?.label ?? code;
    return `${factor.toLocaleString("nl-NL")} × ‘${label(teller)}’ gedeeld door ‘${label(noemer)}’, ${afronding}`;
  }

  function dates(some) {
    const found = rows.distinct(some, "peildatum").filter(Boolean);
    return found.length ? found.map((date) => day.format(new Date(date))).join(", ") : "geen: geteld over het hele schooljaar";
  }

  /** Definition, unit, calculation, source and peildatum of the indicator whose rows these are, as pairs of a term and its text. */
  function of(some, chosen) {
    const told = rows.indicators.get(chosen.indicator);
    if (!told) return [];
    const source = rows.distinct(some, "bron").map((code) => data.bronnen[code] ?? code);
    return [
      ["Definitie", told.definitie],
      ["Eenheid", data.eenheden[told.eenheid]],
      ["Berekening", calculation(told)],
      ["Bron", source.join("; ")],
      ["In openbaar", data.openbaar[told.indicator]],
      ["Peildatum", dates(some)],
      ["Code", told.indicator],
    ].filter(([, text]) => text);
  }

  /** Why the series of these rows break. */
  function reasons(some) {
    const texts = rows.distinct(some.filter((row) => row.trendbreuk_reden), "trendbreuk_reden");
    return [...new Set(texts.flatMap((text) => text.split(" · ")))];
  }

  /** In which schooljaren the series of these rows break. */
  function breaks(some) {
    return rows.distinct(some.filter((row) => row.trendbreuk), "schooljaar");
  }

  /** Tell what it means that a breakdown has no row: of gemeenten, and of the regio, if these are among the rows. */
  function absent(some, chosen) {
    const split = chosen.uitsplitsing !== choice.NONE;
    for (const note of document.querySelectorAll("[data-afwezig]")) {
      const regio = note.dataset.afwezig === "regio";
      note.hidden = !split || !some.some((row) => (row.gemeente_code === "regio") === regio);
    }
  }

  /** The choice in words, as the caption of the table. */
  function caption(some, chosen) {
    const indicator = rows.indicators.get(chosen.indicator)?.label ?? "Alle indicatoren";
    const split = chosen.uitsplitsing === choice.NONE ? "" : ` naar ${data.uitsplitsingen[chosen.uitsplitsing]}`;
    const gemeente = chosen.gemeente === choice.ALL ? "alle gemeenten" : rows.gemeenten.get(chosen.gemeente);
    const year = chosen.schooljaar === choice.ALL ? "alle schooljaren" : `schooljaar ${chosen.schooljaar}`;
    return `${indicator}${split}, ${gemeente}, ${year}`;
  }

  function count(some) {
    return some.length === 1 ? "1 rij" : `${some.length.toLocaleString("nl-NL")} rijen`;
  }

  /** Show all of it, and tell who cannot see the page that something changed. */
  function show(some, chosen, unknown) {
    const list = document.querySelector("#uitleg");
    list.replaceChildren(...of(some, chosen).flatMap(([term, text]) => [table.element("dt", {}, term), table.element("dd", {}, text)]));
    const none = document.querySelector("#geen-uitleg");
    none.hidden = list.children.length > 0;
    const link = document.querySelector("#definitie");
    link.hash = rows.indicators.has(chosen.indicator) ? chosen.indicator : "";
    const warning = document.querySelector("#trendbreuk");
    const years = breaks(some);
    warning.hidden = years.length === 0;
    warning.querySelector("span").textContent = years.join(" en ");
    warning.querySelector("em").textContent = reasons(some).join(" ");
    absent(some, chosen);
    const wrong = unknown.length ? `Niet in deze release: ${unknown.join(", ")}. ` : "";
    document.querySelector("#melding").textContent = `${wrong}${caption(some, chosen)}: ${count(some)}.`;
  }

  return { of, caption, show };
})();
