/** What happens at the desk, as it happens: one stream, and a look anew at what it concerns. */
import { refreshSoon } from "./refresh.js";
import { toast } from "./toast.js";

const QUIET = new Set(["here", "typing"]); // these change nothing on a page, they only show who is there

export function listen() {
  const page = document.querySelector("[data-conversation]");
  const number = page ? Number(page.dataset.conversation) : 0;
  const me = Number(document.body.dataset.agent);
  const stream = new EventSource(document.body.dataset.live);
  let heard = false;

  stream.addEventListener("hello", () => {
    if (heard) refreshSoon(); // we were away
    heard = true;
    document.body.dataset.connected = "yes";
  });
  stream.addEventListener("signed-out", () => {
    stream.close();
    toast("You were signed out. What you type stays in this browser; sign in again to send it.", "late");
  });
  stream.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    if (QUIET.has(event.what)) {
      if (event.number === number && event.agent !== me)
        document.dispatchEvent(new CustomEvent("desk:presence", { detail: event }));
      return;
    }
    refreshSoon();
  });
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
