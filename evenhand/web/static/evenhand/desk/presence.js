/** Who else is here: told to colleagues, shown for some seconds. */
import { isTyping } from "./compose.js";

const EVERY = 12_000;
const SHOWN = 20_000;
const page = document.querySelector("[data-conversation]");
const line = document.getElementById("presence");
const token = JSON.parse(document.body.getAttribute("hx-headers"));
const there = new Map(); // agent -> { what, until }

function tell() {
  if (document.hidden) return;
  const body = new URLSearchParams(isTyping() ? { typing: "1" } : {});
  fetch(`/desk/c/${page.dataset.conversation}/here`, { method: "POST", headers: token, body }).catch(() => {});
}

/** A colleague's name, from the list that the page has for handing over. */
function name(agent) {
  return document.querySelector(`#assign-to option[value="${Number(agent)}"]`)?.textContent.replace(" (away)", "");
}

function show() {
  const now = Date.now();
  const words = [];
  for (const [agent, { what, until }] of there) {
    if (until < now) there.delete(agent);
    else if (name(agent)) words.push(what === "typing" ? `${name(agent)} is writing an answer` : `${name(agent)} is here, too`);
  }
  const text = words.join(". ");
  if (line.textContent !== text) line.textContent = text;
}

document.addEventListener("desk:presence", ({ detail }) => {
  const fresh = !there.has(detail.agent);
  there.set(detail.agent, { what: detail.what, until: Date.now() + SHOWN });
  show();
  if (fresh) tell(); // so that whoever came sees us without waiting
});
setInterval(show, 2000);
setInterval(tell, EVERY);
document.addEventListener("desk:typing", tell);
tell();
