// The page that stands inside another site: the chart of the address, its message and where it comes from.
// Put here: what happens when. Keep out: everything that another script is named after.
"use strict";

(() => {
  const frame = document.querySelector("#grafiek");
  let shown;

  function draw() {
    const { some, chosen, planned } = shown;
    if (!planned) frame.replaceChildren();
    if (planned && frame.clientWidth) chart.show(frame, planned, message.of(some, chosen));
  }

  async function follow() {
    const { chosen } = choice.read();
    await rows.get(chosen);
    const some = rows.of(chosen);
    const why = chart.without(some, chosen);
    const planned = why ? undefined : chart.plan(some, chosen);
    shown = { chosen, some, planned };
    message.show(document.querySelector("#boodschap"), message.of(some, chosen));
    document.querySelector("#onder").textContent = explanation.under(chosen);
    document.querySelector("#geen-grafiek").textContent = why;
    const notes = explanation.notes(some, chosen, planned).map((text) => table.element("li", {}, text));
    document.querySelector("#opmerkingen").replaceChildren(...notes);
    document.querySelector("#bron").textContent = explanation.sources(some).join(" ");
    document.querySelector("#terug").href = `cijfers.html${choice.address(chosen)}`;
    draw();
  }

  window.addEventListener("hashchange", follow);
  new ResizeObserver(() => shown && draw()).observe(frame.parentElement);
  follow();
})();
