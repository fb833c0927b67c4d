/** Everything by keyboard. Single keys rest while one types, and can be switched off for this browser. */
import { unfold as into } from "./acts.js";
import { neighbour } from "./back.js";
import { compose } from "./panes.js";

const OFF = "evenhand:keys-off";
const OPEN = "dialog[open]"; // a closed one keeps the focus for a moment, and the next key is not for it any more
const LISTS = { m: "mine", w: "waiting", o: "open", s: "snoozed", c: "closed", q: "quarantined", x: "spam" };
let went = -Infinity; // when `g` was pressed; a page's clock begins at 0, and no `g` was pressed then

const click = (selector) => {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
};

const unfold = (name) => {
  const fold = document.getElementById(`act-${name}`);
  if (fold) into(fold);
  return Boolean(fold);
};

function step(by) {
  const rows = [...document.querySelectorAll(".row")];
  if (!rows.length) return neighbour(by);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

const KEYS = {
  n: () => click(".next-button:not(:disabled)") || (!document.querySelector(".next-button") && click(".rail-next button")),
  j: () => step(1),
  k: () => step(-1),
  u: () => click("#back"),
  f: () => click("#narrow"),
  "/": () => {
    const field = document.getElementById("q");
    if (field) field.focus();
    else location.assign("/desk/search/");
    return true;
  },
  "?": () => openDialog("keys"),
  r: () => compose("reply"),
  i: () => compose("note"),
  e: () => click('[data-act="close"] button'),
  z: () => unfold("snooze"),
  s: () => unfold("assign"),
  t: () => unfold("tag"),
  b: () => unfold("back"),
};

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog.open) dialog.showModal();
  return true;
}

const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]");

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("desk:palette"));
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.matches("textarea.words")) {
    event.target.form.requestSubmit(); // the editor was not there yet; it sends by itself
    return;
  }
  if (event.key === "Escape" && typing(event.target) && !event.target.closest(OPEN)) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target) || event.target.closest(OPEN) || localStorage.getItem(OFF)) return;
  const second = performance.now() - went < 1200;
  went = -Infinity;
  if (second && (LISTS[event.key] || event.key === "h")) {
    event.preventDefault();
    location.assign(event.key === "h" ? "/desk/" : `/desk/${LISTS[event.key]}/`);
    return;
  }
  if (event.key === "g") went = performance.now();
  else if (KEYS[event.key]?.()) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-opens]");
  if (opener) openDialog(opener.dataset.opens);
});

const off = document.getElementById("keys-off");
off.checked = Boolean(localStorage.getItem(OFF));
off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
