/** Acts beside a conversation happen in place (htmx sends them), so nothing that is being typed is lost. */
import { refresh } from "./refresh.js";
import { toast } from "./toast.js";

const DONE = {
  close: "Closed.", reopen: "Open again.", snooze: "Snoozed.", assign: "Handed over.", tag: "Tags kept.",
  need: "Need corrected.", back: "Put back in its place.", take: "It is yours.", spam: "Set aside as spam.",
  "same-person": "They are one person now.", "end-links": "Their links open nothing any more.",
};

/** Open a fold beside the conversation, what it lies in, and go into it. */
export function unfold(fold) {
  for (let each = fold; each; each = each.parentElement.closest("details")) each.open = true;
  fold.querySelector("form :is(input:not([type=hidden]), select, button)").focus();
}

/** Escape folds it again, and one is where one went in. */
document.addEventListener("keydown", (event) => {
  const fold = event.key === "Escape" && event.target.closest(".acts details[open]");
  if (!fold) return;
  event.preventDefault();
  fold.open = false;
  fold.querySelector("summary").focus();
});

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  const form = target.closest("form[data-act]");
  if (!form) return;
  if (!detail.xhr.status) return toast("The desk cannot be reached just now. Try again in a moment.", "late");
  if (!detail.successful) return toast(sentence(detail.xhr.responseText), "late");
  const fold = form.closest("details");
  for (const each of document.querySelectorAll(".acts details[open]")) each.open = false;
  // Out of the field, where single keys rest, to where one went in: nobody is thrown to the top of the page.
  (fold?.parentElement.closest("details") ?? fold)?.querySelector("summary").focus();
  toast(DONE[form.dataset.act] ?? "Done.");
  refresh();
});

/** Why not, in the server's own words. */
function sentence(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("#refusal, .lead")?.textContent ?? "That did not work. Try again.";
}
