/** Go anywhere, do anything: what this page offers, the lists, and every conversation by its words. */
import { unfold } from "./acts.js";

const dialog = document.getElementById("palette");
const field = document.getElementById("palette-words");
const list = document.getElementById("palette-list");
let chosen = 0;
let asked = null;

/** What can be done from here, read off the page itself: a button that is not there cannot be promised. */
function offers() {
  const found = [...document.querySelectorAll(".rail .boxes a")].map((link) => ({
    words: `Go to ${link.querySelector("span:not(.avatar)").textContent}`,
    act: () => location.assign(link.href),
  }));
  const press = (selector, words) => {
    const button = document.querySelector(selector);
    if (button) found.unshift({ words, act: () => button.click() });
  };
  for (const fold of [...document.querySelectorAll(".act")].reverse()) {
    const name = fold.querySelector("summary");
    found.unshift({ words: name.title || name.textContent, act: () => unfold(fold) });
  }
  press('[data-act="reopen"] button', "Reopen this conversation");
  press('[data-act="close"] button', "Close this conversation");
  press("#tab-note", "Write a note");
  press("#tab-reply", "Reply");
  press(".rail-next button", "Take the next one");
  return found;
}

function show(items) {
  chosen = 0;
  list.replaceChildren(
    ...items.map(({ words, beside, act }, at) => {
      const line = document.createElement("li");
      line.role = "option";
      line.id = `palette-${at}`;
      line.textContent = words;
      if (beside) {
        const more = document.createElement("span");
        more.textContent = beside;
        line.append(more);
      }
      line.addEventListener("click", () => go(act));
      return line;
    }),
  );
  list.acts = items.map(({ act }) => act);
  mark();
}

function mark() {
  [...list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === chosen)));
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", list.children[chosen]?.id ?? "");
}

function go(act) {
  dialog.close();
  act?.();
}

async function look() {
  const words = field.value.trim().toLowerCase();
  const here = offers().filter((each) => each.words.toLowerCase().includes(words));
  show(here.slice(0, 9));
  asked?.abort();
  if (words.length < 2) return;
  asked = new AbortController();
  try {
    const answer = await fetch(`/desk/search/?q=${encodeURIComponent(words)}`, {
      headers: { "HX-Request": "true" },
      signal: asked.signal,
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [...page.querySelectorAll(".row")].slice(0, 8).map((row) => ({
      words: row.querySelector(".row-subject").textContent,
      beside: [...row.querySelectorAll(".row-who > *")].map((each) => each.textContent).join(", "),
      act: () => location.assign(row.querySelector("a").getAttribute("href")),
    }));
    show([...here.slice(0, 5), ...found]);
  } catch {
    // a later letter asked again
  }
}

document.addEventListener("desk:palette", () => {
  if (dialog.open) return dialog.close();
  field.value = "";
  show(offers().slice(0, 9));
  dialog.showModal();
  field.focus();
});
field.addEventListener("input", look);
field.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    chosen = Math.min(Math.max(chosen + by, 0), list.children.length - 1);
    mark();
  } else if (event.key === "Enter") {
    event.preventDefault();
    go(list.acts[chosen]);
  } else if (event.key === "Escape") {
    event.preventDefault(); // the first one would only empty the field
    dialog.close();
  }
});
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
