// Searching for an indicator by the words of its label, its code or its definition.
// Put here: finding, and showing what was found. Keep out: choosing it, which a link does by its address.
"use strict";

const search = (() => {
  const plain = (text) => text.toLocaleLowerCase("nl-NL").normalize("NFD").replace(/\p{Diacritic}/gu, "");

  /** The indicators in which all words stand; those with all of them in label or code first. */
  function find(words) {
    const wanted = plain(words).split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    const holds = (text) => wanted.every((word) => plain(text).includes(word));
    const named = (one) => holds(`${one.label} ${one.indicator}`);
    const found = data.indicatoren.filter((one) => holds(`${one.label} ${one.indicator} ${one.definitie}`));
    return [...found.filter(named), ...found.filter((one) => !named(one))];
  }

  const list = () => document.querySelector("#gevonden");

  function item(one, chosen) {
    const link = table.element("a", { href: choice.address({ ...chosen, indicator: one.indicator, uitsplitsing: choice.NONE }) }, one.label);
    return table.element("li", {}, link, " ", table.element("span", { className: "bij" }, data.tabellen[one.tabel]), table.element("p", {}, one.definitie));
  }

  function show(words) {
    const found = find(words);
    list().replaceChildren(...found.map((one) => item(one, choice.read().chosen)));
    list().hidden = !found.length;
    const said = found.length === 1 ? "1 indicator gevonden." : `${found.length || "Geen"} indicatoren gevonden.`;
    document.querySelector("#aantal-gevonden").textContent = words.trim() ? said : "";
  }

  /** Search while the reader types; a choice from the list, or Escape, closes it; Enter takes the first. */
  function start() {
    const field = document.querySelector("#zoek");
    const close = () => {
      field.value = "";
      show("");
    };
    field.addEventListener("input", () => show(field.value));
    field.addEventListener("keydown", (event) => event.key === "Escape" && close());
    list().addEventListener("click", (event) => {
      if (!event.target.closest("a")) return;
      close();
      document.querySelector("#indicator").focus(); // the link is gone; go on where its choice stands
    });
    document.querySelector("#zoeken").addEventListener("submit", (event) => {
      event.preventDefault();
      list().querySelector("a")?.click();
    });
  }

  return { start, find };
})();
