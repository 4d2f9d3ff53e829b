// Sharing what is shown: its address, a piece of HTML that shows it on another site, and how to refer to it.
// Put here: those texts, and copying them. Keep out: files (`files.js`).
"use strict";

const sharing = (() => {
  const field = (name) => document.querySelector(`[data-tekst="${name}"]`);
  const day = new Intl.DateTimeFormat("nl-NL", { dateStyle: "long" });

  // where the portal will stand, if that is known; otherwise where it stands now
  const base = () => data.afzender.adres ?? new URL(".", location.href).href;
  const addressOf = (page, chosen) => new URL(page + choice.address(chosen), base()).href;

  // the choice itself is written by the page: no text of it can end the attribute
  const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

  function embedded(chosen) {
    const title = quoted(names.choiceOf(chosen));
    return `<iframe src="${quoted(addressOf("insluiten.html", chosen))}" title="${title}" width="100%" height="560" style="border: 0" loading="lazy"></iframe>`;
  }

  function citation(chosen) {
    const { naam, stand } = data.release;
    const years = chosen.schooljaar === choice.ALL ? `schooljaren ${rows.years[0]} tot en met ${rows.years.at(-1)}` : `schooljaar ${chosen.schooljaar}`;
    const what = names.choiceOf({ ...chosen }).replace(/, (alle schooljaren|schooljaar \S+)$/, "");
    return `${data.afzender.genoemd}: ${what}, ${years}, ${data.afzender.status}, stand van ${stand}, versie ${naam}. Geraadpleegd op ${day.format(new Date())}. ${addressOf("cijfers.html", chosen)}`;
  }

  /** Show the texts of a choice. */
  function show({ chosen }) {
    field("link").value = addressOf("cijfers.html", chosen);
    field("insluiten").value = embedded(chosen);
    field("verwijzing").value = citation(chosen);
  }

  async function copy(name, button) {
    const text = field(name);
    const told = document.querySelector("#gekopieerd");
    try {
      await navigator.clipboard.writeText(text.value);
      told.textContent = `${button.dataset.gedaan} is gekopieerd.`;
    } catch {
      text.hidden = false; // a browser may forbid it, as for a page from disk
      text.closest("details")?.setAttribute("open", "");
      text.focus();
      text.select();
      told.textContent = "Kopiëren lukt hier niet vanzelf. De tekst is geselecteerd: kopieer die met Ctrl+C.";
    }
  }

  /** Let the buttons copy. */
  function start() {
    for (const button of document.querySelectorAll("[data-kopieer]")) button.addEventListener("click", () => copy(button.dataset.kopieer, button));
  }

  return { show, start };
})();
