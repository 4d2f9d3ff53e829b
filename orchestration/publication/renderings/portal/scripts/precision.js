// What rounding leaves to be said of a figure: whether it is rounded, and whether a difference means anything.
// Put here: the same rules as those of the factsheet, in `precision.py` and `changes.py`. Keep out: how a number is written (`columns.js`).
"use strict";

const precision = (() => {
  const isAbout = (row) => row?.status === "afgerond";

  /** Whether what was computed from a row and the one of the schooljaar before is rounded. */
  function isChangeAbout(row) {
    return isAbout(row) || isAbout(rows.before(row));
  }

  /** How far a count may be off; one of the regio may be the sum of the gemeenten, rounded once more. */
  function off(row) {
    const { op, gemeenten } = data.afronding;
    if (!isAbout(row)) return 0;
    return row.gemeente_code === "regio" ? gemeenten * (op - 1) + Math.floor(op / 2) : op - 1;
  }

  /** Whether the difference of a count is more than rounding can make of it. */
  function tells(row) {
    const before = rows.before(row);
    return Boolean(before) && Math.abs(row.verschil) > off(row) + off(before);
  }

  /** Whether the difference in percent says anything: not if rounding may have made the difference, or made the count 0. */
  function tellsShare(row) {
    return !isChangeAbout(row) || (tells(row) && !(isAbout(row) && row.waarde === 0));
  }

  /** How many decimals the difference of two rates has: those of the rate that is shown with the fewest. */
  function decimals(row) {
    const shown = [row, rows.before(row)].filter(Boolean);
    return Math.min(...shown.map((one) => one.weergave.match(/,(\d+)/)?.[1].length ?? 0));
  }

  return { isAbout, isChangeAbout, off, tells, tellsShare, decimals };
})();
