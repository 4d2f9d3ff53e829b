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

  // on a phone what else a row is about stands under its head, so that the figure is beside that
  const isKey = (column) => !column.number && !column.head && !column.chosen && column.name !== "eenheid";

  function classOf(column) {
    const kinds = { getal: column.number, gekozen: column.chosen || column.empty, sleutel: isKey(column) };
    return Object.keys(kinds).filter((kind) => kinds[kind]).join(" ");
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

  function content(column, row, chosen) {
    const text = column.text(row);
    const mark = column.mark?.(row);
    if (mark) return [text, " ", element("small", { className: "let-op" }, mark)];
    if (!column.leadsTo || column.chosen) return [text];
    return [element("a", { href: choice.address(choice.changed(chosen, column.leadsTo(row))) }, text)];
  }

  function line(row, shown, chosen) {
    const cells = shown.map((column) => {
      const cell = element(column.head ? "th" : "td", { className: classOf(column) }, ...content(column, row, chosen));
      if (column.head) Object.assign(cell, { scope: "row" }).dataset.ook = shown.filter(isKey).map((key) => key.text(row)).join(", ");
      if (column.name === "cijfer") cell.classList.add("cijfer", row.status);
      return cell;
    });
    return element("tr", {}, ...cells);
  }

  /** Show rows as a table. `some` are in their order; the caption says what was chosen. Focus stays where it was. */
  function show(place, caption, all, some, chosen) {
    const shown = all.map((column) => ({ ...column, empty: Boolean(column.number) && column.name !== "cijfer" && !some.some(column.text) }));
    const head = element("thead", {}, element("tr", {}, ...shown.map((column) => heading(column, chosen))));
    const body = element("tbody", {});
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.column : undefined;
    const region = place.querySelector(".rol");
    region.replaceChildren(element("table", {}, element("caption", { id: "bijschrift" }, caption), head, body));
    if (focused) place.querySelector(`[data-column="${CSS.escape(focused)}"]`)?.focus();
    const more = place.querySelector(".meer");
    more.onclick = () => {
      const from = body.rows.length;
      body.append(...some.slice(from, from + PIECE).map((row) => line(row, shown, chosen)));
      const left = some.length - body.rows.length;
      if (left === 0 && document.activeElement === more) region.focus(); // the button goes
      more.hidden = left === 0;
      more.textContent = `Toon meer rijen (nog ${left.toLocaleString("nl-NL")})`;
    };
    more.onclick();
  }

  return { show, element };
})();
