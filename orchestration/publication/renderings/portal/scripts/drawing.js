// Shapes and words of a drawing, as SVG. Their colours stand in `cijfers.css`, by class.
// Put here: making parts of a drawing, and measuring words. Keep out: what a chart shows (`chart.js`), and files of it (`picture.js`).
"use strict";

const drawing = (() => {
  const SPACE = "http://www.w3.org/2000/svg";
  const LINE = 1.3; // of the size of letters
  const BREAK = /(?<=[ –/])|(?<=\p{Ll}-)(?=\p{L})/u; // where a line may end: not inside a schooljaar or the name of a release
  const pen = document.createElement("canvas").getContext("2d");

  function node(name, attributes, ...children) {
    const made = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** How wide a text is. */
  function wide(text, size, weight = 400) {
    pen.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
    return pen.measureText(text).width;
  }

  /** A text in as many lines as it needs; a word that is too long stays whole. */
  function wrapped(text, width, size, weight) {
    const lines = [""];
    for (const word of text.split(BREAK)) {
      const longer = lines.at(-1) + word;
      if (lines.at(-1) && wide(longer.trimEnd(), size, weight) > width) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines.map((line) => line.trimEnd());
  }

  /** One line of text; `y` is where its letters stand on. */
  function text(said, x, y, { size = 14, weight = 400, anchor = "start", kind = "woord", style = "normal" } = {}) {
    const place = { x, y, "text-anchor": anchor, "font-size": size, "font-weight": weight, "font-style": style, class: kind };
    return node("text", place, said);
  }

  /** Lines of text below each other, from the top at `y`. */
  function lines(said, x, y, { size = 14, ...look } = {}) {
    return said.map((one, at) => text(one, x, y + size + at * size * LINE, { size, ...look }));
  }

  /** How high so many lines are. */
  const high = (count, size = 14) => count * size * LINE;

  /** A bar or column, which tells what it is when somebody points at it. */
  function bar(x, y, width, height, kind, told) {
    return node("rect", { x, y, width, height, class: kind }, ...(told ? [node("title", {}, told)] : []));
  }

  function line(x1, y1, x2, y2, kind) {
    return node("line", { x1, y1, x2, y2, class: kind });
  }

  /** Parts moved together. */
  const group = (x, y, ...parts) => node("g", { transform: `translate(${x},${y})` }, ...parts);

  /** A whole drawing. */
  function whole(width, height, ...parts) {
    return node("svg", { class: "tekening", viewBox: `0 0 ${width} ${height}`, width, height, xmlns: SPACE }, ...parts);
  }

  return { wide, wrapped, text, lines, high, bar, line, group, whole };
})();
