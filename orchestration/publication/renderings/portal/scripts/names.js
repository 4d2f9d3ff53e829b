// What things are called in a sentence, a heading and a caption.
// Put here: names. Keep out: figures and sentences (`message.js`).
"use strict";

const names = (() => {
  /** An indicator: `Jongeren met relatief verzuim`. */
  function indicator(code) {
    return code === choice.ALL ? "Alle cijfers" : (rows.indicators.get(code)?.naam ?? code);
  }

  /** An area in a sentence: `Hengelo`, `de regio`. */
  function area(code) {
    if (code === choice.ALL) return "alle gemeenten";
    return { regio: "de regio", onbekend: "gemeente onbekend" }[code] ?? rows.gemeenten.get(code);
  }

  /** The value of a breakdown: `oktober 2024`. */
  function value(kind, code) {
    return data.uitsplitsing_waarden[kind]?.[code] ?? code;
  }

  const months = new Intl.DateTimeFormat("nl-NL", { month: "long", timeZone: "UTC" });

  /** The month of a code such as `2024-10`: `oktober`. */
  function month(code) {
    return months.format(new Date(`${code}-01`));
  }

  /** A word with a capital. */
  function capital(word) {
    return word.charAt(0).toUpperCase() + word.slice(1);
  }

  /** Words as a list: `Hengelo, Borne en de regio`. */
  function listed(words) {
    return [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" en ");
  }

  /** A choice in words. */
  function choiceOf(chosen) {
    const kind = data.uitsplitsingen[chosen.uitsplitsing];
    const split = chosen.uitsplitsing === choice.NONE ? "" : choice.isSplit(chosen) ? ` naar ${kind}` : `, ${value(chosen.uitsplitsing, chosen.waarde)}`;
    const year = chosen.schooljaar === choice.ALL ? "alle schooljaren" : `schooljaar ${chosen.schooljaar}`;
    return `${indicator(chosen.indicator)}${split}, ${area(chosen.gemeente)}, ${year}`;
  }

  return { indicator, area, value, month, capital, listed, choiceOf };
})();
