// Searching for figures, gemeenten, schools and other values by words. What somebody types may name several of them at once, such as a figure, a gemeente
// and a breakdown (`verzuim per maand Hengelo`), and may hold a typing error.
// Put here: finding, and showing what was found. Keep out: choosing it, which a link does by its address.
"use strict";

const search = (() => {
  const MOST = 12;
  const SKIPPED = new Set(["aantal alle bij de een en er het hoeveel", "in is mijn naar of om op per van voor waren zijn"].join(" ").split(" "));
  const UNNAMED = ["geslacht", "leeftijd", "maand"]; // breakdowns of which nobody looks for a value
  const PLACES = ["school", "wijk"];
  // how much a word counts by where it stands
  const NAME = 8;
  const WORDS = 5;
  const TEXT = 1;

  const plain = (text) => text.toLocaleLowerCase("nl-NL").normalize("NFD").replace(/\p{Diacritic}/gu, "");
  const split = (text) => plain(text).split(/[^\p{L}\p{N}_]+/u).filter(Boolean);

  /** How many letters must be typed, left out, changed or swapped to make one word of another. */
  function distance(one, other) {
    let [earlier, before] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
    for (let row = 1; row <= one.length; row++) {
      const now = [row];
      for (let at = 1; at <= other.length; at++) {
        const same = one[row - 1] === other[at - 1];
        now[at] = Math.min(before[at] + 1, now[at - 1] + 1, before[at - 1] + (same ? 0 : 1));
        if (row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]) now[at] = Math.min(now[at], earlier[at - 2] + 1);
      }
      [earlier, before] = [before, now];
    }
    return before[other.length];
  }

  // how well a typed word fits one of a text: at least 1 if it begins it, less if it stands inside or is nearly it, 0 if not at all
  function fits(typed, word) {
    if (word.startsWith(typed)) return 1 + 0.2 * (typed.length / word.length);
    if (typed.length >= 4 && word.includes(typed)) return 0.7;
    const errors = typed.length >= 8 ? 2 : typed.length >= 4 ? 1 : 0;
    if (!errors || Math.abs(word.length - typed.length) > errors + 2) return 0;
    const near = distance(typed, word) <= errors || distance(typed, word.slice(0, typed.length)) <= errors;
    return near && word[0] === typed[0] ? 0.5 : 0;
  }

  const best = (typed, words) => Math.max(0, ...words.map((word) => fits(typed, word)));

  function entryOf(kind, name, told, part, { also = "", text = "", code = "" } = {}) {
    return { kind, name, told, part, fields: [[NAME, split(`${name} ${code}`)], [WORDS, split(also)], [TEXT, split(text)]] };
  }

  function ofIndicator(one) {
    const also = `${one.label} ${(one.zoekwoorden ?? "").replaceAll("+", " ")}`;
    const told = `Cijfer over ${data.tabellen[one.tabel].toLocaleLowerCase("nl-NL")}`;
    return entryOf(told, names.indicator(one.indicator), one.definitie_kort, { indicator: one.indicator }, { also, text: `${one.definitie_kort} ${one.definitie}`, code: one.indicator });
  }

  function ofValue(kind, code) {
    const own = data.indicatoren.find((one) => data.uitgesplitst[one.indicator]?.includes(kind))?.indicator;
    const told = `${names.indicator(own)} van deze ${PLACES.includes(kind) ? kind : "groep"}`;
    return entryOf(names.capital(data.uitsplitsingen[kind]), names.value(kind, code), told, { indicator: own, uitsplitsing: kind, waarde: code }, { code: PLACES.includes(kind) ? code : "" });
  }

  const entries = [
    ...data.indicatoren.map(ofIndicator),
    ...data.gemeenten.map(([code, name]) => entryOf(code === "regio" ? "Alle gemeenten samen" : "Gemeente", name, "Het cijfer dat u nu ziet, van deze gemeente", { gemeente: code })),
    ...Object.entries(data.uitsplitsing_waarden)
      .filter(([kind]) => !UNNAMED.includes(kind))
      .flatMap(([kind, values]) => Object.keys(values).filter((code) => code !== "onbekend").map((code) => ofValue(kind, code))),
  ];

  function scored(entry, typed) {
    const scores = typed.map((word) => Math.max(...entry.fields.map(([weight, words]) => weight * best(word, words))));
    return scores.every(Boolean) ? scores.reduce((sum, one) => sum + one, 0) : 0;
  }

  // whether a word is the name of a gemeente, but for one letter
  const isNamed = (word, name) => split(name).some((own) => own.length > 3 && distance(word, own) <= (own.length > 4 ? 1 : 0));

  // whether a word means a breakdown: `maanden`, `scholen`
  const means = (word, name) => word.slice(0, 4) === plain(name).slice(0, 4) && word.length <= name.length + 2;

  // the words that name a gemeente or a breakdown, beside others: they go with what the others find
  function beside(typed) {
    const gemeente = data.gemeenten.find(([code, name]) => code !== "onbekend" && typed.some((word) => isNamed(word, name)));
    const kind = Object.entries(data.uitsplitsingen).find(([, name]) => typed.some((word) => means(word, name)));
    const left = typed.filter((word) => !(gemeente && isNamed(word, gemeente[1])) && !(kind && means(word, kind[1])));
    return { part: { ...(gemeente && { gemeente: gemeente[0] }), ...(kind && { uitsplitsing: kind[0] }) }, left };
  }

  function possible(entry, part) {
    return !part.uitsplitsing || (entry.part.indicator && !entry.part.uitsplitsing && rows.kindsOf(entry.part.indicator).includes(part.uitsplitsing));
  }

  function ranked(typed, part = {}) {
    return entries
      .filter((entry) => possible(entry, part) && !(entry.part.gemeente && part.gemeente))
      .map((entry) => ({ entry, part, score: typed.length ? scored(entry, typed) : 1 }))
      .filter(({ score }) => score)
      .map((one) => ({ ...one, score: one.score + NAME * Object.keys(part).length }));
  }

  /** What was found, best first: what holds all words, and what goes with a gemeente or breakdown that is named beside it. */
  function find(words) {
    const all = split(words);
    if (!all.length) return [];
    const some = all.filter((word) => !SKIPPED.has(word));
    const typed = some.length ? some : all;
    const { part, left } = beside(typed);
    const named = left.length ? Object.keys(part).length : part.uitsplitsing;
    return [...(named ? ranked(left, part) : []), ...ranked(typed)].sort((one, other) => other.score - one.score);
  }

  const list = () => document.querySelector("#gevonden");
  const told = () => document.querySelector("#aantal-gevonden");

  function item({ entry, part }, chosen) {
    const { indicator, gemeente } = entry.part;
    const target = choice.changed(chosen, { ...(indicator && { uitsplitsing: choice.NONE, waarde: choice.ALL, sorteer: "" }), ...part, ...entry.part });
    const also = [part.uitsplitsing && `per ${data.uitsplitsingen[part.uitsplitsing]}`, part.gemeente && rows.gemeenten.get(part.gemeente)].filter(Boolean).join(", ");
    const link = table.element("a", { href: choice.address(target) }, also ? `${entry.name}, ${also}` : entry.name);
    const text = gemeente ? `${entry.told}: ${names.indicator(chosen.indicator)}` : entry.told;
    return table.element("li", {}, link, " ", table.element("span", { className: "soort" }, entry.kind), table.element("p", {}, text));
  }

  function show(words) {
    const found = find(words);
    const seen = new Set();
    const items = found.map((one) => item(one, choice.read().chosen)).filter((made) => !seen.has(made.firstChild.hash) && seen.add(made.firstChild.hash));
    list().replaceChildren(...items.slice(0, MOST));
    list().hidden = !found.length;
    const more = items.length > MOST ? ` De eerste ${MOST} staan hieronder.` : "";
    const none = `Niets gevonden voor ‘${words.trim()}’. Probeer een ander of korter woord, of de naam van een gemeente, school of wijk. U kunt ook uit de lijst kiezen.`;
    told().textContent = !words.trim() ? "" : items.length ? `${items.length} gevonden.${more}` : none;
  }

  /** Search while the reader types; a choice from the list, or Escape, closes it; Enter takes the first. */
  function start() {
    const field = document.querySelector("#zoek");
    const close = () => {
      field.value = "";
      show("");
    };
    field.addEventListener("input", () => show(field.value));
    document.querySelector("#zoeken").addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      close();
      field.focus();
    });
    list().addEventListener("click", (event) => {
      if (!event.target.closest("a")) return;
      close();
      document.querySelector("#boodschap").focus(); // the link is gone; go on where its figure stands
    });
    document.querySelector("#zoeken").addEventListener("submit", (event) => {
      event.preventDefault();
      list().querySelector("a")?.click();
    });
    const asked = new URLSearchParams(location.search).get("zoek"); // from the front page
    if (!asked || location.hash) return;
    field.value = asked;
    show(asked);
    field.focus();
  }

  return { start, find };
})();
