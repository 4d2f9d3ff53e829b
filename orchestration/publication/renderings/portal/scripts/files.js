// The download of exactly what is shown: the same rows, in the same order, with the same columns; and the chart as a picture.
// Put here: from rows to a file, by libraries, which are loaded when somebody asks for such a file. Keep out: choosing and sorting, and drawing.
"use strict";

const files = (() => {
  // a text that a spreadsheet would run; a sign and a negative number are no such text
  const FORMULA = /^(?:[=+@\t\r]|-(?!\d+(?:,\d+)?$).)/s;

  /** The number of a cell; null where it has none, or a rounded one: a file says that as the screen does. */
  function numberOf(column, row) {
    return column.about?.(row) ? null : (column.number?.(row) ?? null);
  }

  function bare(column, row) {
    const number = numberOf(column, row);
    return number === null ? column.text(row) : number.toFixed(column.digits(row)).replace(".", ",");
  }

  function csv({ some, shown }) {
    const lines = some.map((row) => shown.map((column) => bare(column, row)));
    const text = libraries.csv.unparse({ fields: shown.map((column) => column.title), data: lines }, { delimiter: ";", escapeFormulae: FORMULA });
    return new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" });
  }

  function cell(column, row) {
    const number = numberOf(column, row);
    if (number === null) return { type: String, value: column.text(row), align: column.number ? "right" : "left" };
    const digits = column.digits(row);
    return { type: Number, value: number, format: digits ? `#,##0.${"0".repeat(digits)}` : "#,##0" };
  }

  function xlsx({ some, shown, chosen }) {
    const head = shown.map((column) => ({ value: column.title, fontWeight: "bold" }));
    const lines = some.map((row) => shown.map((column) => cell(column, row)));
    const width = (column) => Math.min(50, 3 + Math.max(column.title.length, ...some.map((row) => column.text(row).length)));
    const { naam, zone, status } = data.release;
    const told = [
      ["Keuze", names.choiceOf(chosen)],
      ["Versie", `${naam}, ${zone}, ${status}`],
      ...explanation.of(some, chosen),
      ...[...document.querySelectorAll("#tekens dt")].map((sign) => [sign.textContent, sign.nextElementSibling.textContent]),
      ...[...document.querySelectorAll("[data-afwezig]:not([hidden]), #opmerkingen li, #precies li")].map((told) => ["", told.textContent]),
    ];
    const words = told.map(([term, text]) => [{ value: term, fontWeight: "bold" }, { type: String, value: text, wrap: true }]);
    return libraries.xlsx
      .writeWorkbook([
        { sheet: "Cijfers", data: [head, ...lines], columns: shown.map((column) => ({ width: width(column) })), stickyRowsCount: 1 },
        { sheet: "Uitleg", data: words, columns: [{ width: 16 }, { width: 100 }] },
      ])
      .toBlob();
  }

  const TYPES = {
    string: () => ({ type: "BYTE_ARRAY", converted_type: "UTF8" }),
    int64: () => ({ type: "INT64" }),
    bool: () => ({ type: "BOOLEAN" }),
    "date32[day]": () => ({ type: "INT32", converted_type: "DATE" }),
    decimal: ({ precisie, decimalen }) => ({ type: "INT32", converted_type: "DECIMAL", precision: precisie, scale: decimalen }),
  };
  const VALUES = { int64: BigInt, "date32[day]": (text) => new Date(text) };

  // with the columns and types of the release itself, for programs: a sign stands in `weergave`, a number in `waarde` or `percentage`
  function parquet({ some, chosen }) {
    const kept = data.kolommen.filter(({ naam }) => chosen.uitsplitsing !== choice.NONE || !naam.startsWith("uitsplitsing"));
    const value = (soort, one) => (one === null ? null : (VALUES[soort]?.(one) ?? one));
    const schema = kept.map((column) => ({
      name: column.naam,
      repetition_type: column.leeg ? "OPTIONAL" : "REQUIRED",
      ...TYPES[column.soort](column),
    }));
    const written = libraries.parquet.parquetWriteBuffer({
      columnData: kept.map(({ naam, soort }) => ({ name: naam, data: some.map((row) => value(soort, row[naam])) })),
      schema: [{ name: "schema", num_children: kept.length }, ...schema],
      kvMetadata: Object.entries(data.release).map(([key, text]) => ({ key, value: text })),
    });
    return new Blob([written], { type: "application/vnd.apache.parquet" });
  }

  const WRITERS = { csv, xlsx, parquet };

  async function made(kind, shown) {
    if (!WRITERS[kind]) return picture.made(kind, shown);
    await load(`libraries.${kind}.js`);
    return WRITERS[kind](shown);
  }

  function named({ chosen }, kind) {
    const value = chosen.uitsplitsing === choice.NONE || choice.isSplit(chosen) ? choice.NONE : chosen.waarde;
    const parts = [chosen.indicator, chosen.uitsplitsing, value, chosen.gemeente, chosen.schooljaar].filter((part) => part !== choice.NONE);
    return `leerplicht_${data.release.zone}_${parts.join("_")}.${kind}`.replace(/[^\w.-]/g, "-");
  }

  /** Hand the reader a file of what is shown. */
  async function save(kind, shown) {
    const address = URL.createObjectURL(await made(kind, shown));
    table.element("a", { href: address, download: named(shown, kind) }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  return { save };
})();
