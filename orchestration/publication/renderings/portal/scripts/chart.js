// The chart of what was chosen. Bars lie by size where the order of values means nothing; months and ages are columns on one axis; of several
// gemeenten a breakdown is a panel for each, on one scale. The last schooljaar is strong, the one before it muted. What is withheld is named, and not
// drawn.
// Put here: which chart there is, and its layout. Keep out: the figures as a reader wants them exactly: those stand in the table, which is always there.
"use strict";

const chart = (() => {
  const { bar, group, high, line, text, wide, wrapped } = drawing;
  const IN_ORDER = ["leeftijd", "maand", "mas_route"]; // of these the values have an order of their own
  const ON_AXIS = ["leeftijd", "maand"]; // and of these they lie on one axis
  const PLACES = ["school", "wijk"];
  const LAST = ["regio", "onbekend"];
  const MOST = 25; // bars below each other
  const MOST_IN_PANEL = 6;
  const YEARS = 2; // schooljaren beside each other
  const MANY_YEARS = 4; // more of them are columns
  const NARROW = 520;
  const PANEL = 300; // at least as wide
  const COLUMN = 34; // a column needs this, or they become bars
  const SMALL = 12.5;
  const DWARFS = 3; // a regio that is so many times the largest gemeente leaves little of it to see

  // what is drawn of some rows: `places` below or beside each other, each with its bars, the latest schooljaar first
  function placed(some, key, name) {
    const found = new Map();
    for (const row of some) {
      if (!found.has(key(row))) found.set(key(row), { key: key(row), name: name(row), bars: [] });
      found.get(key(row)).bars.push({ row, number: rows.number(row) });
    }
    return [...found.values()];
  }

  function latest(some) {
    return rows.years.findLast((year) => some.some((row) => row.schooljaar === year));
  }

  const valueOf = (place, year) => place.bars.find((one) => one.row.schooljaar === year)?.number;

  // by size in the last schooljaar; what is withheld has no size, and stands as it came behind what has
  function bySize(places, year) {
    const size = (place) => valueOf(place, year) ?? -1;
    const back = (place) => LAST.indexOf(place.key);
    return places.sort((one, other) => back(one) - back(other) || size(other) - size(one));
  }

  function byYear(some) {
    return placed(some, (row) => row.schooljaar, (row) => row.schooljaar).sort((one, other) => rows.years.indexOf(one.key) - rows.years.indexOf(other.key));
  }

  function byArea(some) {
    return bySize(placed(some, (row) => row.gemeente_code, (row) => row.gemeente), latest(some));
  }

  function byValue(some, kind) {
    const key = kind === "maand" ? (row) => row.uitsplitsing_waarde.slice(5) : (row) => row.uitsplitsing_waarde;
    const name = kind === "maand" ? (row) => names.month(row.uitsplitsing_waarde).slice(0, 3).replace("maa", "mrt") : (row) => names.value(kind, row.uitsplitsing_waarde);
    const places = placed(some, key, name);
    if (!IN_ORDER.includes(kind)) return bySize(places, latest(some));
    const values = Object.keys(data.uitsplitsing_waarden[kind]);
    const at = (place) => (kind === "maand" ? (Number(place.key) + 4) % 12 : values.indexOf(place.key)); // a schooljaar begins in August
    return places.sort((one, other) => at(one) - at(other));
  }

  // a regio beside its gemeenten is left out where it would dwarf them, or show the same places again
  function beside(some, chosen) {
    const most = (own) => Math.max(...own.map((row) => rows.number(row) ?? 0));
    const [regio, others] = [true, false].map((is) => some.filter((row) => (row.gemeente_code === "regio") === is));
    if (!regio.length || !others.length) return some;
    const dwarfs = regio[0].percentage === null && most(regio) > DWARFS * most(others);
    return dwarfs || (choice.isSplit(chosen) && PLACES.includes(chosen.uitsplitsing)) ? others : some;
  }

  function recent(some) {
    const years = rows.years.filter((year) => some.some((row) => row.schooljaar === year)).slice(-YEARS);
    return some.filter((row) => years.includes(row.schooljaar));
  }

  /** What to draw of these rows: one or several panels, with what must be said beneath them. */
  function plan(all, chosen) {
    const split = choice.isSplit(chosen);
    const areas = rows.distinct(all, "gemeente_code");
    const near = areas.length > 1 ? beside(all, chosen) : all;
    const years = rows.distinct(all, "schooljaar").length;
    const some = split ? recent(near) : near;
    const said = [];
    if (near.length < all.length) said.push("De regio staat alleen in de tabel. Kies de regio voor een grafiek ervan.");
    if (split && years > YEARS) said.push(`De grafiek toont de laatste ${YEARS} schooljaren. De tabel toont ze allemaal.`);
    const onAxis = split ? ON_AXIS.includes(chosen.uitsplitsing) : years > MANY_YEARS;
    if (areas.length === 1 || (!split && years <= YEARS)) {
      const places = split ? byValue(some, chosen.uitsplitsing) : areas.length === 1 ? byYear(some) : byArea(some);
      return { onAxis, some, said, panels: [{ places: limited(places, onAxis ? Infinity : MOST, said) }], ofYears: !split && areas.length === 1 };
    }
    const panels = byArea(some).map(({ key, name }) => {
      const own = some.filter((row) => row.gemeente_code === key);
      return { title: name, places: split ? byValue(own, chosen.uitsplitsing) : byYear(own) };
    });
    if (!split && some.some((row) => row.trendbreuk)) said.push("Waar een streepjeslijn staat, is een trendbreuk.");
    const many = split && !onAxis && panels.some((panel) => panel.places.length > MOST_IN_PANEL);
    if (many) said.push(`Van elke gemeente staan de ${MOST_IN_PANEL} grootste in de grafiek. De tabel toont ze allemaal.`);
    if (many) for (const panel of panels) panel.places.splice(MOST_IN_PANEL);
    return { onAxis: !split || onAxis, some, said, panels, ofYears: !split };
  }

  function limited(places, most, said) {
    if (places.length > most) said.push(`De grafiek toont de ${most} grootste van ${places.length}. De tabel toont ze allemaal.`);
    return places.slice(0, most);
  }

  /** Why there is no chart of these rows, and what to choose; empty when there is one. */
  function without(some, chosen) {
    if (!some.length) return "Er zijn geen cijfers bij deze keuze.";
    if (chosen.indicator === choice.ALL) return "Kies één cijfer voor een grafiek. Klik in de tabel op een naam, of kies uit de lijst.";
    if (!some.some((row) => rows.number(row) !== null)) return "Van deze keuze mogen we geen enkel cijfer noemen. Er is daarom geen grafiek.";
    return "";
  }

  const told = ({ row }) => [row.gemeente, row.uitsplitsing_waarde && names.value(row.uitsplitsing, row.uitsplitsing_waarde), row.schooljaar].filter(Boolean).join(", ");

  // one panel of bars below each other, with its height
  function bars(places, { width, most, last, ofYears }) {
    const beside = width >= NARROW;
    const names = beside ? Math.min(0.36 * width, Math.max(...places.map(({ name }) => wide(name, 14, 600))) + 16) : 0;
    const room = 10 + Math.max(...places.flatMap((place) => place.bars.filter((one) => one.number !== null).map((one) => wide(one.row.weergave, 14, 600))));
    const length = libraries.scales.scaleLinear([0, most], [0, width - names - room]);
    const parts = [];
    let y = 0;
    places.forEach((place, at) => {
      if (ofYears && at && place.bars[0].row.trendbreuk) {
        parts.push(line(0, y + 6, width, y + 6, "breuk"), text("trendbreuk", width, y + 2, { size: SMALL, anchor: "end", kind: "let-op" }));
        y += 20;
      }
      const label = wrapped(place.name, (names || width) - 16, 14, 600);
      parts.push(...drawing.lines(label, 0, y, { weight: 600 }));
      const top = y + (beside ? 0 : high(label.length) + 3);
      let under = top;
      for (const one of [...place.bars].sort((a, b) => b.row.schooljaar.localeCompare(a.row.schooljaar))) {
        const strong = one.row.schooljaar === last;
        const thick = strong || ofYears ? 20 : 13;
        const size = strong ? 14 : SMALL;
        const middle = under + thick / 2 + size * 0.36;
        if (one.number === null) {
          const why = data.betekenis[one.row.status].split(/[,:]/)[0];
          parts.push(text(`${one.row.weergave}  ${why}`, names, middle, { size, kind: "zacht", style: "italic" }));
        } else {
          parts.push(bar(names, under, length(one.number), thick, strong ? "staaf" : "eerder", `${told(one)}: ${one.row.weergave}`));
          parts.push(text(one.row.weergave, names + length(one.number) + 6, middle, { size, weight: strong ? 600 : 400, kind: strong ? "woord" : "zacht" }));
        }
        under += thick + 2;
      }
      y = Math.max(under, beside ? y + high(label.length) : 0) + 12;
    });
    return { parts, height: y };
  }

  // the labels above columns: all where they fit, otherwise those of the highest and of the last, if that is not beside it
  function labelled(columns, step) {
    const own = columns.filter((one) => one.number !== null);
    const room = Math.max(...own.map((one) => wide(one.row.weergave, SMALL, 600))) + 2;
    if (room <= step || own.length < 2) return own;
    const highest = own.reduce((most, one) => (one.number > most.number ? one : most));
    const last = own.at(-1);
    return last.x - highest.x > room ? [highest, last] : [highest];
  }

  // one panel of columns beside each other on an axis, with its height
  function columns(places, { width, most, last, ofYears, low }) {
    const [inside, lines] = low ? [130, 2] : [230, 4];
    const top = 22;
    const { scaleBand, scaleLinear } = libraries.scales;
    const y = scaleLinear([0, most], [top + inside, top]).nice(4);
    const ticks = y.ticks(lines).filter((tick) => places[0].bars[0].row.percentage !== null || Number.isInteger(tick));
    const written = (tick) => tick.toLocaleString("nl-NL");
    const left = Math.max(...ticks.map((tick) => wide(written(tick), SMALL))) + 10;
    const x = scaleBand(places.map(({ key }) => key), [left, width]).paddingInner(0.22).paddingOuter(0.1);
    const years = ofYears ? 1 : new Set(places.flatMap((place) => place.bars.map((one) => one.row.schooljaar))).size;
    const parts = ticks.flatMap((tick) => [line(left, y(tick), width, y(tick), tick ? "maatlijn" : "nullijn"), text(written(tick), left - 8, y(tick) + 4, { size: SMALL, anchor: "end", kind: "zacht" })]);
    const drawn = places.flatMap((place) =>
      place.bars.map((one) => {
        const strong = one.row.schooljaar === last;
        const thick = years === 1 ? x.bandwidth() : x.bandwidth() * (strong ? 0.56 : 0.4);
        return { ...one, strong, thick, x: x(place.key) + (years > 1 && strong ? x.bandwidth() - thick : 0) };
      }),
    );
    for (const one of drawn.filter(({ number }) => number !== null)) {
      parts.push(bar(one.x, y(one.number), one.thick, y(0) - y(one.number), one.strong ? "staaf" : "eerder", `${told(one)}: ${one.row.weergave}`));
    }
    for (const one of drawn.filter(({ number }) => number === null)) {
      parts.push(text(one.row.weergave, one.x + one.thick / 2, y(0) - 5, { size: SMALL, anchor: "middle", kind: "zacht", style: "italic" }));
    }
    for (const one of labelled(drawn.filter(({ strong }) => strong || ofYears), x.step())) {
      const middle = Math.min(width - wide(one.row.weergave, SMALL, 600) / 2, one.x + one.thick / 2); // inside the panel
      parts.push(text(one.row.weergave, middle, y(one.number) - 5, { size: SMALL, weight: 600, anchor: "middle", kind: "woord op-staaf" }));
    }
    if (ofYears) {
      for (const one of drawn.filter(({ row, x: at }) => row.trendbreuk && at > x(places[0].key))) {
        const at = one.x - (x.step() - x.bandwidth()) / 2;
        parts.push(line(at, top - 8, at, y(0), "breuk"));
        if (!low) parts.push(text("trendbreuk", at - 4, top - 10, { size: SMALL, anchor: "end", kind: "let-op" }));
      }
    }
    const labels = places.map(({ name }) => wrapped(name, x.step() - 4, SMALL));
    const widest = Math.max(...labels.flat().map((one) => wide(one, SMALL))) + 6;
    const skip = Math.ceil(widest / x.step()); // of the places that have a name beneath them the last is one
    const under = places.flatMap(({ key }, at) => {
      if ((places.length - 1 - at) % skip) return [];
      const middle = Math.max(widest / 2, Math.min(width - widest / 2, x(key) + x.bandwidth() / 2)); // inside the panel
      return labels[at].map((one, line) => text(one, middle, y(0) + 17 + line * 15, { size: SMALL, anchor: "middle" }));
    });
    const names = Math.max(...labels.map((own) => own.length));
    return { parts: [...parts, ...under], height: y(0) + 12 + names * 15 };
  }

  // which schooljaar has which colour; on a narrow page below each other
  function legend(some, last, width) {
    const years = rows.years.filter((year) => some.some((row) => row.schooljaar === year)).reverse();
    let [x, y] = [0, 0];
    const drawn = years.flatMap((year) => {
      const broken = year === last && years.length > 1 && some.some((row) => row.schooljaar === year && row.trendbreuk);
      const said = broken ? `${year} (trendbreuk)` : year;
      const own = 24 + wide(said, 14, 600);
      if (x + own > width) [x, y] = [0, y + 22];
      const parts = [bar(x, y + 2, 14, 14, year === last ? "staaf" : "eerder"), text(said, x + 20, y + 14, { weight: year === last ? 600 : 400 })];
      x += own + 20;
      return parts;
    });
    return { parts: drawn, height: y + 34 };
  }

  /** Draw a plan as wide as that; returns its parts, and how high they are. */
  function parts({ onAxis, some, panels, ofYears }, width) {
    const last = latest(some);
    const most = Math.max(...some.map((row) => rows.number(row) ?? 0)) || 1;
    const across = panels.length > 1 ? Math.max(1, Math.min(panels.length, Math.floor(width / PANEL))) : 1;
    const own = (width - (across - 1) * 32) / across;
    const fits = onAxis && (panels.length > 1 || own / panels[0].places.length >= COLUMN);
    const made = [];
    let y = 0;
    if (!ofYears) {
      const years = legend(some, last, width);
      made.push(...years.parts);
      y = years.height;
    }
    for (let from = 0; from < panels.length; from += across) {
      const row = panels.slice(from, from + across).map((panel) => {
        const options = { width: own, most, last, ofYears, low: panels.length > 1 };
        const drawn = (fits ? columns : bars)(panel.places, options);
        return panel.title ? { parts: [text(panel.title, 0, 16, { size: 15, weight: 600 }), group(0, 26, ...drawn.parts)], height: drawn.height + 26 } : drawn;
      });
      row.forEach((panel, at) => made.push(group(at * (own + 32), y, ...panel.parts)));
      y += Math.max(...row.map((panel) => panel.height)) + (panels.length > 1 ? 20 : 0);
    }
    return { parts: made, height: y };
  }

  /** Show the chart of a plan in a place, with words for who does not see it. */
  function show(place, planned, said) {
    const { parts: drawn, height } = parts(planned, place.clientWidth);
    const picture = drawing.whole(place.clientWidth, height, ...drawn);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `${said} De cijfers staan ook in de tabel.`);
    place.replaceChildren(picture);
  }

  return { without, plan, parts, show };
})();
