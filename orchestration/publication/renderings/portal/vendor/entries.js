// What the portal's scripts use of others' work: for each file `libraries.<name>.js` what it has, as `libraries.<name>`.
// The first is loaded with the page, the others when somebody downloads such a file.
export const entries = {
  scales: 'export { scaleBand, scaleLinear } from "d3-scale"',
  csv: 'export { unparse } from "papaparse"',
  xlsx: 'export { default as writeWorkbook } from "write-excel-file/universal"',
  parquet: 'export { parquetWriteBuffer } from "hyparquet-writer"',
};
