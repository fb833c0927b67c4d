/** What happens at the desk, as it happens: one stream, and a look anew at what it concerns. */
import { refreshSoon } from "./refresh.js";
import { toast } from "./toast.js";

const QUIET = new Set(["here", "typing"]); // these change nothing on a page, they only show who is there

export function listen() {
  let heard = false;
  let aside = false;

  const open = () => {
    aside = false;
    const stream = new EventSource(`${document.body.dataset.live}?age=${age()}`);
    stream.addEventListener("hello", () => {
      if (heard) refreshSoon(); // we were away
      heard = true;
      document.body.dataset.connected = "yes";
    });
    stream.addEventListener("aside", () => {
      stream.close(); // else the browser connects again by itself
      aside = true;
      document.body.dataset.connected = "no";
    });
    stream.addEventListener("signed-out", () => {
      stream.close();
      toast("You were signed out. What you type stays in this browser; sign in again to send it.", "late");
    });
    stream.addEventListener("message", ({ data }) => tell(JSON.parse(data)));
    addEventListener("pagehide", () => stream.close());
  };

  // Too many pages were open. This one is live again when somebody comes to it, and the one left longest ago is not.
  const again = () => aside && !document.hidden && open();
  addEventListener("focus", again);
  addEventListener("visibilitychange", again);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  open();
}

/** Milliseconds since this page was asked for: what happened meanwhile it may not show. */
function age() {
  const [page] = performance.getEntriesByType("navigation");
  return Math.max(0, Math.round(performance.now() - (page?.requestStart ?? 0)));
}

function tell(event) {
  if (!QUIET.has(event.what)) return refreshSoon();
  const page = document.querySelector("[data-conversation]");
  const number = page ? Number(page.dataset.conversation) : 0;
  if (event.number === number && event.agent !== Number(document.body.dataset.agent))
    document.dispatchEvent(new CustomEvent("desk:presence", { detail: event }));
}
