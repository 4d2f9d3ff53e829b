// The chart as a picture for a report or a slide: with its message, what must be said of it, and who says so. SVG stands by itself, in the colours of
// the light page; PNG is painted from it, shape by shape, as the page allows no images from elsewhere.
// Put here: the picture around the chart, and its files. Keep out: the chart (`chart.js`).
"use strict";

const picture = (() => {
  const WIDTH = 1000;
  const EDGE = 36;
  const SHARP = 2; // pixels of a PNG for each of the drawing
  const { high, lines, group, whole, wrapped, bar } = drawing;
  const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "paint-order", "font-family"];

  function composed({ some, chosen, planned, notes, sources }) {
    const inside = WIDTH - 2 * EDGE;
    const parts = [];
    let y = EDGE;
    const say = (said, look, after = 6) => {
      for (const one of said) {
        const own = wrapped(one, inside, look.size, look.weight);
        parts.push(...lines(own, EDGE, y, look));
        y += high(own.length, look.size);
      }
      y += after;
    };
    say([message.of(some, chosen)], { size: 24, weight: 700 });
    say([explanation.under(chosen)], { size: 15, kind: "zacht" }, 18);
    const drawn = chart.parts(planned, inside);
    parts.push(group(EDGE, y, ...drawn.parts));
    y += drawn.height + 14;
    say(notes, { size: 13 }, 10);
    say(sources, { size: 13, kind: "zacht" }, EDGE - 10);
    return whole(WIDTH, y, bar(0, 0, WIDTH, y, "grond"), ...parts);
  }

  // a drawing counts only with the page's styles around it; here they are written into it
  function alone(drawn) {
    for (const part of drawn.querySelectorAll("*")) {
      const look = getComputedStyle(part);
      for (const name of LOOKS) part.setAttribute(name, look.getPropertyValue(name));
    }
    for (const part of [...drawn.querySelectorAll("[class]"), drawn]) part.removeAttribute("class");
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawn)}\n`;
  }

  function paintText(pen, part, look) {
    const { x, y } = part.getStartPositionOfChar(0);
    pen.font = `${look.fontStyle} ${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
    if (look.stroke !== "none") {
      pen.lineWidth = parseFloat(look.strokeWidth);
      pen.strokeText(part.textContent, x, y);
    }
    pen.fillText(part.textContent, x, y);
  }

  function paintShape(pen, part, look) {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(part.getAttribute(name)));
    if (part.tagName === "rect") return pen.fillRect(x, y, width, height);
    pen.lineWidth = parseFloat(look.strokeWidth);
    pen.setLineDash(look.strokeDasharray === "none" ? [] : look.strokeDasharray.split(",").map(parseFloat));
    pen.beginPath();
    pen.moveTo(...["x1", "y1"].map((name) => Number(part.getAttribute(name))));
    pen.lineTo(...["x2", "y2"].map((name) => Number(part.getAttribute(name))));
    return pen.stroke();
  }

  function painted(drawn) {
    const { width, height } = drawn.viewBox.baseVal;
    const canvas = table.element("canvas", { width: width * SHARP, height: Math.ceil(height) * SHARP });
    const pen = canvas.getContext("2d");
    pen.lineJoin = "round";
    for (const part of drawn.querySelectorAll("rect, line, text")) {
      const look = getComputedStyle(part);
      const { a, b, c, d, e, f } = part.getCTM();
      pen.setTransform(a * SHARP, b * SHARP, c * SHARP, d * SHARP, e * SHARP, f * SHARP);
      pen.fillStyle = look.fill;
      pen.strokeStyle = look.stroke;
      if (part.tagName === "text") paintText(pen, part, look);
      else paintShape(pen, part, look);
    }
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  const KINDS = {
    svg: (drawn) => new Blob([alone(drawn)], { type: "image/svg+xml" }),
    png: painted,
  };

  /** The file of what is shown. It is drawn on the page, out of sight, as letters can only be measured there. */
  async function made(kind, shown) {
    const paper = document.querySelector("#papier");
    const drawn = composed(shown);
    paper.replaceChildren(drawn);
    const file = await KINDS[kind](drawn);
    paper.replaceChildren();
    return file;
  }

  return { made };
})();
