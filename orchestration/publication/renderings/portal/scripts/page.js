// The page as a whole: the address says what is chosen, and all that is shown follows from it.
// Put here: what happens when. Keep out: everything that another script is named after.
"use strict";

(() => {
  const form = document.querySelector("#keuze");
  const figure = document.querySelector("#figuur");
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
      return table.element("optgroup", { label: title }, ...own.map((one) => option(one.indicator, one.naam)));
    });
    return [option(choice.ALL, "Alle cijfers"), ...groups];
  }

  function fillForm(chosen) {
    const kinds = rows.kindsOf(chosen.indicator).map((kind) => option(kind, names.capital(data.uitsplitsingen[kind])));
    fill("uitsplitsing", option(choice.NONE, kinds.length ? "Geen" : "Geen verdeling"), ...kinds);
    const values = Object.entries(data.uitsplitsing_waarden[chosen.uitsplitsing] ?? {});
    const kind = data.uitsplitsingen[chosen.uitsplitsing] ?? "";
    fill("waarde", option(choice.ALL, "Alle"), ...values.map(([code, name]) => option(code, name)));
    form.elements.waarde.labels[0].textContent = names.capital(kind);
    form.elements.waarde.parentElement.hidden = !values.length;
    for (const field of form.querySelectorAll("select")) field.value = chosen[field.name];
  }

  function draw() {
    const { some, chosen, planned } = shown;
    const why = chart.without(some, chosen);
    document.querySelector("#geen-grafiek").textContent = why;
    frame.hidden = Boolean(why);
    if (why) frame.replaceChildren();
    document.querySelector("#beeld").hidden = Boolean(why);
    if (planned && frame.clientWidth) chart.show(frame, planned, message.of(some, chosen)); // without a width as yet, it is drawn once there is one
  }

  function show(chosen, unknown) {
    const own = columns.of(chosen);
    const some = columns.sorted(rows.of(chosen), own.find((column) => column.name === chosen.sorteer), chosen.richting);
    const planned = chart.without(some, chosen) ? undefined : chart.plan(rows.of(chosen), chosen);
    shown = { chosen, some, shown: own, planned, notes: explanation.notes(some, chosen, planned), sources: explanation.sources(some) };
    document.title = `${names.choiceOf(chosen)} – Leerplicht in cijfers`;
    table.show(document.querySelector("#tabel"), names.choiceOf(chosen), own, some, chosen);
    explanation.show(shown, unknown);
    others.show(chosen);
    sharing.show(shown);
    draw();
  }

  /** Get what the address asks, and show it; unless the address asks something else by then. */
  async function follow() {
    const asked = location.hash;
    const { chosen, unknown } = choice.read();
    fillForm(chosen);
    figure.ariaBusy = "true";
    try {
      await rows.get(chosen);
      if (asked !== location.hash) return;
      show(chosen, unknown);
    } catch (problem) {
      document.querySelector("#melding").textContent = "De cijfers konden niet worden geladen. Laad de pagina opnieuw.";
      throw problem;
    }
    figure.ariaBusy = "false";
    figure.dataset.adres = asked;
  }

  /** Begin where the figure is, for who comes by a link to one: on a phone the choices take the whole screen. */
  async function begin() {
    await follow();
    if (location.hash && figure.offsetTop > innerHeight / 2) figure.scrollIntoView({ behavior: "instant" });
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
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", () => document.querySelector("#begrip").setAttribute("open", ""));
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (shown && contentRect.width !== width) draw();
    width = contentRect.width;
  }).observe(frame.parentElement);
  search.start();
  sharing.start();
  begin();
})();
