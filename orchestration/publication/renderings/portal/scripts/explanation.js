// What a reader must know of the chosen figures: definition, source, peildatum, and whether the years can be compared.
// Put here: the words beside the table. Keep out: the dictionary of all indicators, which is a page of its own.
"use strict";

const explanation = (() => {
  const day = new Intl.DateTimeFormat("nl-NL", { dateStyle: "long", timeZone: "UTC" });

  function calculation({ teller, noemer, factor, afronding }) {
    if (!factor) return "";
    const label = names.indicator;
    return `${factor.toLocaleString("nl-NL")} × ‘${label(teller)}’ gedeeld door ‘${label(noemer)}’, ${afronding}`;
  }

  function dates(some) {
    const found = rows.distinct(some, "peildatum").filter(Boolean);
    return found.length ? found.map((date) => day.format(new Date(date))).join(", ") : "geen: geteld over het hele schooljaar";
  }

  /** What is counted, in short. */
  function inShort(chosen) {
    return rows.indicators.get(chosen.indicator)?.definitie_kort ?? "";
  }

  /** What stands under the message: what is counted, and in which unit. */
  function under(chosen) {
    const told = rows.indicators.get(chosen.indicator);
    return told ? `${inShort(chosen)} Eenheid: ${data.eenheden[told.eenheid]}.` : "";
  }

  /** Definition, unit, calculation, source and peildatum of the indicator whose rows these are, as pairs of a term and its text. */
  function of(some, chosen) {
    const told = rows.indicators.get(chosen.indicator);
    if (!told) return [];
    return [
      ["In het kort", inShort(chosen)],
      ["Precies", told.definitie],
      ["Eenheid", data.eenheden[told.eenheid]],
      ["Berekening", calculation(told)],
      ["Bron", bronnen(some).join("; ")],
      ["In openbaar", data.openbaar[told.indicator]],
      ["Geteld op", dates(some)],
      ["Code", told.indicator],
    ].filter(([, text]) => text);
  }

  function bronnen(some) {
    return rows.distinct(some, "bron").map((code) => data.bronnen[code] ?? code);
  }

  /** Who says so, and of when it is: beneath the chart, and in a picture of it. */
  function sources(some) {
    const { naam, stand } = data.release;
    return [`Bron: ${bronnen(some).join("; ")}. ${data.afzender.genoemd}, ${data.afzender.status}, stand van ${stand}, versie ${naam}.`];
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

  // which schooljaren cannot be compared well
  function incomparable(years) {
    const pairs = years.map((year) => `${Number(year.slice(0, 4)) - 1}-${year.slice(0, 4)} en ${year}`);
    return `${pairs.join(", en ook ")} zijn niet goed te vergelijken.`;
  }

  /** Tell what it means that a breakdown has no row: of gemeenten, and of the regio, if these are among the rows. */
  function absent(some, chosen) {
    const split = chosen.uitsplitsing !== choice.NONE;
    for (const note of document.querySelectorAll("[data-afwezig]")) {
      const regio = note.dataset.afwezig === "regio";
      note.hidden = !split || !some.some((row) => (row.gemeente_code === "regio") === regio);
    }
  }

  // of what a figure makes no sense, so that it is not shown
  function senseless(chosen) {
    const left = rows.senseless(chosen);
    if (!left.length) return [];
    const what = chosen.indicator === choice.ALL ? `${names.listed(rows.distinct(left, "gemeente"))} (${left.length} cijfers)` : names.listed(rows.distinct(left, "gemeente"));
    return [`Niet van toepassing, en daarom niet getoond: ${what}.`];
  }

  // the signs among the figures, with their meaning
  function signs(some) {
    const used = new Set(some.map((row) => (row.weergave.startsWith("ca. ") ? "ca." : row.weergave)));
    return Object.entries(data.tekens).filter(([sign]) => used.has(sign)).map(([sign, text]) => `${sign}  ${names.capital(text)}.`);
  }

  /** What must be said of a chart: breaks, what is not in it, and what its signs mean. */
  function notes(some, chosen, planned) {
    const years = breaks(some);
    const broken = years.length ? [`Trendbreuk: ${incomparable(years)} ${reasons(some).join(" ")}`.trim()] : [];
    return [...broken, ...(planned?.said ?? []), ...senseless(chosen), ...signs(some)];
  }

  function count(some) {
    return some.length === 1 ? "1 rij" : `${some.length.toLocaleString("nl-NL")} rijen`;
  }

  const fill = (list, texts) => list.replaceChildren(...texts.map((text) => table.element("li", {}, text)));

  /** Show all of it, and tell who cannot see the page that something changed. */
  function show({ some, chosen, planned }, unknown) {
    message.show(document.querySelector("#boodschap"), message.of(some, chosen));
    document.querySelector("#onder").textContent = under(chosen);
    const list = document.querySelector("#uitleg");
    list.replaceChildren(...of(some, chosen).flatMap(([term, text]) => [table.element("dt", {}, term), table.element("dd", {}, text)]));
    document.querySelector("#begrip").hidden = !list.children.length;
    document.querySelector("#definitie").hash = rows.indicators.has(chosen.indicator) ? chosen.indicator : "";
    const warning = document.querySelector("#trendbreuk");
    const years = breaks(some);
    warning.hidden = years.length === 0;
    warning.querySelector("span").textContent = years.length ? incomparable(years) : "";
    warning.querySelector("em").textContent = reasons(some).join(" ");
    fill(document.querySelector("#opmerkingen"), notes(some, chosen, planned).slice(years.length ? 1 : 0));
    document.querySelector("#bron").textContent = sources(some).join(" ");
    absent(some, chosen);
    const wrong = document.querySelector("#onbekend");
    wrong.hidden = !unknown.length;
    wrong.textContent = unknown.length ? `Dit staat niet in deze versie van de cijfers: ${unknown.join(", ")}.` : "";
    document.querySelector("#melding").textContent = `${wrong.textContent} ${message.of(some, chosen)} ${count(some)}.`.trim();
  }

  return { of, under, notes, sources, show };
})();
