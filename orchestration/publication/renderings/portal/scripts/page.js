// The page as a whole: the address says what is chosen, and all that is shown follows from it.
// Put here: what happens when. Keep out: everything that another script is named after.
"use strict";

(() => {
  const form = document.querySelector("#keuze");
  const frame = document.querySelector("#grafiek");
  let shown; // what is on the screen, for a download and for another width

  function option(value, text) {
    return table.element("option", { value }, text);
  }

  function fill(name, ...options) {
    form.elements[name].replaceChildren(...options);
  }

  function indicators() {
    const groups = Object.entries(data.tabellen).map(([tabel, title]) => {
      const own = data.indicatoren.filter((one) => one.tabel === tabel);
      return table.element("optgroup", { label: title }, ...own.map((one) => option(one.indicator, one.label)));
    });
    return [option(choice.ALL, "Alle indicatoren"), ...groups];
  }

  function fillForm(chosen) {
    const kinds = rows.kindsOf(chosen.indicator).map((kind) => option(kind, columns.capital(data.uitsplitsingen[kind])));
    fill("uitsplitsing", option(choice.NONE, kinds.length ? "Geen" : "Niet uitgesplitst"), ...kinds);
    for (const field of form.querySelectorAll("select")) field.value = chosen[field.name];
  }

  function draw() {
    const why = chart.without(shown.some, shown.chosen);
    document.querySelector("#geen-grafiek").textContent = why;
    frame.hidden = Boolean(why);
    if (!why && frame.clientWidth) chart.show(frame, shown.some, shown.chosen); // without a width as yet, it is drawn once there is one
  }

  function show() {
    const { chosen, unknown } = choice.read();
    const own = columns.of(chosen);
    const some = columns.sorted(rows.of(chosen), own.find((column) => column.name === chosen.sorteer), chosen.richting);
    shown = { chosen, some, shown: own };
    fillForm(chosen);
    document.title = `${explanation.caption(some, chosen)} – Leerplicht in cijfers`;
    table.show(document.querySelector("#tabel"), explanation.caption(some, chosen), own, some, chosen);
    explanation.show(some, chosen, unknown);
    others.show(chosen);
    draw();
  }

  fill("schooljaar", option(choice.ALL, "Alle schooljaren"), ...rows.years.map((year) => option(year, year)));
  fill("gemeente", option(choice.ALL, "Alle gemeenten"), ...[...rows.gemeenten].map(([code, name]) => option(code, name)));
  fill("indicator", ...indicators());
  form.addEventListener("change", ({ target }) => choice.change({ [target.name]: target.value }));
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-bestand]")) {
    button.addEventListener("click", () => files.save(button.dataset.bestand, shown));
  }
  document.querySelector("#naar-inhoud").addEventListener("click", (event) => {
    event.preventDefault(); // the address holds the choice
    document.querySelector("main").focus();
  });
  window.addEventListener("hashchange", show);
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (shown && contentRect.width !== width) draw();
    width = contentRect.width;
  }).observe(frame.parentElement);
  search.start();
  show();
})();
