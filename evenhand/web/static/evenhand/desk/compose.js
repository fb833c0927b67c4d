/** Writing: the editor, its drafts on the server and in this browser, sending, and a colleague who was quicker. */
import { makeEditor } from "./editor.js";
import { open } from "./panes.js";
import { toast } from "./toast.js";

const LATER = "It could not be attached. It goes with the letter when you send it.";
const KEEP_AFTER = 700; // milliseconds without a letter
const page = document.querySelector("[data-conversation]");
const saved = document.querySelector(".saved");
const panes = [...document.querySelectorAll("#compose .pane")];
const token = JSON.parse(document.body.getAttribute("hx-headers"));
let typedAt = 0;

export const isTyping = () => Date.now() - typedAt < 10_000;

for (const pane of panes) set(pane);
if (page.dataset.sent) history.replaceState(null, "", location.pathname + location.hash);

function set(pane) {
  const area = pane.querySelector("textarea.words");
  const kind = pane.dataset.kind;
  const local = `evenhand:draft:${document.body.dataset.agent}:${page.dataset.conversation}:${kind}`;
  if (page.dataset.sent === kind) localStorage.removeItem(local); // the server has it
  const left = localStorage.getItem(local);
  if (left) area.value = left; // kept here and never confirmed: the session had ended, or the net was away
  let timer = 0;
  let waiting = false;
  let under = null; // the keeping that is under way

  const keep = async () => {
    clearTimeout(timer);
    if (!waiting) return;
    waiting = false;
    const given = { kind, words: editor.html(), format: "html" };
    under = new AbortController();
    try {
      const answer = await fetch(pane.dataset.draft, {
        method: "POST",
        headers: token,
        body: new URLSearchParams(given),
        keepalive: given.words.length < 30_000,
        signal: under.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      if (localStorage.getItem(local) === given.words) localStorage.removeItem(local);
      quietly(given.words ? "Draft kept" : "");
    } catch (error) {
      if (error.name === "AbortError") return;
      waiting = true;
      const out = ["401", "403"].includes(error.message);
      saved.textContent = out ? "Signed out. Kept in this browser" : "Kept in this browser";
      if (error.message === "413") toast("This is too long for one message.", "late");
    }
  };
  const editor = makeEditor(area, pane.querySelector(".tools"), {
    changed(html) {
      const began = !isTyping();
      typedAt = Date.now();
      if (began) document.dispatchEvent(new Event("desk:typing"));
      waiting = true;
      localStorage.setItem(local, html);
      saved.textContent = "";
      clearTimeout(timer);
      timer = setTimeout(keep, KEEP_AFTER);
    },
    send: () => pane.requestSubmit(pane.querySelector(".button.primary, .button:not(.quiet)")),
    keepPicture: (file) => keepPicture(file, pane.dataset.pictures, kind),
    attach: (files) => add(files, list, kind, "It could not be attached. Add it once more."),
    failed: (sentence) => toast(sentence, "late"),
  });
  pane.editor = editor;
  pane.elements.format.value = "html";
  if (left) {
    waiting = true;
    keep();
  }
  pane.addEventListener("submit", (event) => {
    if (editor.pictures.busy) {
      event.preventDefault();
      saved.textContent = "Sent as soon as the picture is here";
      return editor.pictures.settled().then(() => pane.requestSubmit(event.submitter));
    }
    area.value = editor.html();
    if (!area.value && !pane.elements.files.files.length && !list.children.length) {
      event.preventDefault();
      toast("There is nothing to send yet. Write a word or two first.");
      return editor.focus();
    }
    clearTimeout(timer);
    under?.abort(); // a draft must not arrive behind the message it became
    waiting = false;
  });
  addEventListener("pagehide", keep);
  const list = pane.querySelector(".draft-files");
  const input = pane.elements.files;
  const take = async () => (await add(input.files, list, kind, LATER)) && (input.value = "");
  input.addEventListener("change", take);
  take(); // what was chosen before this was here
  list.addEventListener("click", (event) => drop(event, list));
}

/** Said to the eye only: read out at every pause, it would talk into what is being written. */
function quietly(words) {
  const mark = document.createElement("span");
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = words;
  saved.replaceChildren(mark);
}

/** Files go to the server when they are chosen, so that a session that ends or an answer taken back loses none. */
async function add(files, list, kind, otherwise) {
  if (!files.length) return;
  const given = new FormData();
  given.append("kind", kind);
  for (const file of files) given.append("files", file);
  saved.textContent = "Attaching";
  const answer = await fetch(list.dataset.files, { method: "POST", headers: token, body: given }).catch(() => null);
  saved.textContent = "";
  if (!answer?.ok) return toast(answer?.status === 413 ? await answer.text() : otherwise, "late");
  list.innerHTML = await answer.text();
  return true;
}

/** Where the picture is shown from, and how large; throws with a sentence. */
async function keepPicture(file, address, kind) {
  const given = new FormData();
  given.append("kind", kind);
  given.append("picture", file);
  const answer = await fetch(address, { method: "POST", headers: token, body: given }).catch(() => null);
  if (answer?.status === 201) return answer.json();
  throw new Error([413, 415].includes(answer?.status) ? await answer.text() : "The picture could not be kept. Add it once more.");
}

async function drop(event, list) {
  const button = event.target.closest(".drop");
  if (!button) return;
  event.preventDefault();
  const answer = await fetch(button.getAttribute("formaction"), { method: "POST", headers: { ...token, "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok) list.innerHTML = await answer.text();
  else toast("It could not be removed. Try again.", "late");
}

if (panes.some((pane) => pane.dataset.kind === "note" && pane.editor.html()) && !panes[0].editor.html())
  open(document.getElementById("tab-note"));

/** New words in the thread: a customer's are taken as seen, a colleague's answer has to be acknowledged. */
document.addEventListener("desk:refreshed", () => {
  const pane = document.getElementById("reply-pane");
  if (!pane) return;
  const seen = Number(pane.elements.seen.value);
  const fresh = [...document.querySelectorAll("#thread .message")].filter((each) => Number(each.id.slice(1)) > seen);
  const answer = fresh.find((each) => each.classList.contains("agent") && each.dataset.agent !== document.body.dataset.agent);
  const notice = pane.querySelector(".meanwhile");
  if (answer && pane.editor.html()) {
    notice.textContent = `${answer.dataset.who} answered while you were writing. Read it above before you send.`;
    notice.hidden = false;
  } else if (fresh.length) pane.elements.seen.value = document.getElementById("thread").dataset.last;
});
