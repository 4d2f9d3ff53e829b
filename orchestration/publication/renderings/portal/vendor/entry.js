// What the portal's scripts use of others' work, under one name: `libraries`.
export { barX, plot, text, tickY } from "@observablehq/plot"; // the chart
export { unparse } from "papaparse"; // CSV
export { default as writeWorkbook } from "write-excel-file/universal"; // XLSX
export { parquetWriteBuffer } from "hyparquet-writer"; // Parquet
