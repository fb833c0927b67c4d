/** Acts beside a conversation happen in place (htmx sends them), so nothing that is being typed is lost. */
import { refresh } from "./refresh.js";
import { toast } from "./toast.js";

const DONE = {
  close: "Closed.", reopen: "Open again.", snooze: "Snoozed.", assign: "Handed over.", tag: "Tags kept.",
  need: "Need corrected.", back: "Put back in its place.", take: "It is yours.",
};

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  const form = target.closest("form[data-act]");
  if (!form) return;
  if (!detail.xhr.status) return toast("The desk cannot be reached just now. Try again in a moment.", "late");
  if (!detail.successful) return toast(sentence(detail.xhr.responseText), "late");
  form.closest("details")?.removeAttribute("open");
  document.activeElement?.blur();
  toast(DONE[form.dataset.act]);
  refresh();
});

/** Why not, in the server's own words. */
function sentence(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("#refusal, .lead")?.textContent ?? "That did not work. Try again.";
}
