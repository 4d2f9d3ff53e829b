// The table of what was chosen. Long ones come in pieces, so that a phone keeps up; what is downloaded is always whole.
// Put here: the table's HTML, made as nodes, so that no label can become markup. Keep out: what stands in a cell (`columns.js`).
"use strict";

const table = (() => {
  const PIECE = 500;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function classOf(column) {
    return [column.number ? "getal" : "", column.chosen ? "gekozen" : ""].join(" ").trim();
  }

  function heading(column, chosen) {
    const sorts = chosen.sorteer === column.name;
    const next = sorts && chosen.richting === "op" ? "af" : "op";
    const arrow = element("span", { className: "pijl" }, sorts ? (chosen.richting === "op" ? "▲" : "▼") : "↕");
    arrow.ariaHidden = "true";
    const button = element("button", { type: "button" }, column.title, " ", arrow);
    button.dataset.column = column.name;
    button.addEventListener("click", () => choice.change({ sorteer: column.name, richting: next }));
    const cell = element("th", { scope: "col", className: classOf(column) }, button);
    if (sorts) cell.ariaSort = chosen.richting === "op" ? "ascending" : "descending";
    return cell;
  }

  function line(row, shown, header) {
    const cells = shown.map((column) => {
      const cell = element(column.name === header ? "th" : "td", { className: classOf(column) }, column.text(row));
      if (column.name === header) cell.scope = "row";
      if (column.name === "cijfer" && row.status !== "gepubliceerd") cell.classList.add("teken");
      if (column.name === "trendbreuk") cell.classList.add("let-op");
      return cell;
    });
    return element("tr", {}, ...cells);
  }

  /** Show rows as a table. `some` are in their order; the caption says what was chosen. Focus stays where it was. */
  function show(place, caption, shown, some, chosen) {
    const header = chosen.uitsplitsing !== choice.NONE ? "waarde" : chosen.indicator === choice.ALL ? "indicator" : "gemeente";
    const head = element("thead", {}, element("tr", {}, ...shown.map((column) => heading(column, chosen))));
    const body = element("tbody", {});
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.column : undefined;
    const region = place.querySelector(".rol");
    region.replaceChildren(element("table", {}, element("caption", { id: "bijschrift" }, caption), head, body));
    if (focused) place.querySelector(`[data-column="${CSS.escape(focused)}"]`)?.focus();
    const more = place.querySelector(".meer");
    more.onclick = () => {
      const from = body.rows.length;
      body.append(...some.slice(from, from + PIECE).map((row) => line(row, shown, header)));
      const left = some.length - body.rows.length;
      if (left === 0 && document.activeElement === more) region.focus(); // the button goes
      more.hidden = left === 0;
      more.textContent = `Toon meer rijen (nog ${left.toLocaleString("nl-NL")})`;
    };
    more.onclick();
  }

  return { show, element };
})();
