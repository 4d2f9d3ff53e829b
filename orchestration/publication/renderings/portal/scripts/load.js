// Loads a script when it is needed, from the folder of this one: that works from disk too, where a page may not fetch.
// Put here: loading. Keep out: knowing what is needed.
"use strict";

const load = (() => {
  const folder = new URL(".", document.currentScript.src);
  const asked = new Map();

  function added(file) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = new URL(file, folder);
      script.onload = done;
      script.onerror = () => {
        asked.delete(file); // the reader may try again
        failed(new Error(`${file} is niet geladen`));
      };
      document.head.append(script);
    });
  }

  /** Load a script once; the promise ends when it has run. */
  return (file) => {
    if (!asked.has(file)) asked.set(file, added(file));
    return asked.get(file);
  };
})();
