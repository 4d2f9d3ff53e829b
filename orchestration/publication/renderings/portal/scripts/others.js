// What others published, beside our own figures of an indicator that is defined as theirs. Of any other indicator there is nothing to show.
// Put here: that table. Keep out: which indicators and lines there are, which `data` says.
"use strict";

const others = (() => {
  const cells = (texts) => texts.map((text) => table.element("td", { className: "getal" }, text ?? ""));

  function line(name, texts) {
    const header = table.element("th", {}, name);
    header.scope = "row";
    return table.element("tr", {}, header, ...cells(texts));
  }

  /** The lines beside a choice: of its gemeente, or of any. */
  function near(chosen) {
    if (chosen.uitsplitsing !== choice.NONE) return [];
    const lines = data.anderen[chosen.indicator]?.lijnen ?? [];
    return lines.filter((one) => chosen.gemeente === choice.ALL || one.naast.includes(chosen.gemeente));
  }

  function ours(chosen, years) {
    const own = rows.of({ ...chosen, schooljaar: choice.ALL }).filter((row) => near(chosen).some((one) => one.naast.includes(row.gemeente_code)));
    return rows.distinct(own, "gemeente_code").map((code) => {
      const shown = new Map(own.filter((row) => row.gemeente_code === code).map((row) => [row.schooljaar, row.weergave]));
      return line(rows.gemeenten.get(code), years.map((year) => shown.get(year)));
    });
  }

  /** Show them with our own figures of the same choice, of every schooljaar: years of others may lie before ours. */
  function show(chosen) {
    const section = document.querySelector("#anderen");
    const lines = near(chosen);
    section.hidden = !lines.length;
    if (section.hidden) return;
    const years = [...new Set([...rows.years, ...lines.flatMap((one) => Object.keys(one.cijfers))])].sort();
    const headings = ["Gebied", ...years].map((text, at) => table.element("th", { scope: "col", className: at ? "getal" : "" }, text));
    const body = [...ours(chosen, years), ...lines.map((one) => line(one.naam, years.map((year) => one.cijfers[year])))];
    const caption = table.element("caption", { id: "bijschrift-anderen" }, `${names.indicator(chosen.indicator)}, naast cijfers van anderen`);
    const head = table.element("thead", {}, table.element("tr", {}, ...headings));
    section.querySelector(".rol").replaceChildren(table.element("table", {}, caption, head, table.element("tbody", {}, ...body)));
    const notes = [...new Set(lines.flatMap((one) => one.herkomst)), ...data.anderen[chosen.indicator].uitleg];
    section.querySelector("#anderen-opmerkingen").replaceChildren(...notes.map((text) => table.element("li", {}, text)));
  }

  return { show };
})();
