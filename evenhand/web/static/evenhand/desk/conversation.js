/** The page of one conversation: the editor, who else is here, what is leaving, what was quoted. */
import "./compose.js";
import "./presence.js";
import "./leaving.js";
import "./pictures.js";

/** Quoted words come when asked for, below the message. */
document.addEventListener("click", async (event) => {
  const quoted = event.target.closest("[data-quoted]");
  if (quoted) {
    event.preventDefault();
    const open = quoted.closest(".message").querySelector(".quoted-words");
    if (open) return open.remove();
    const block = document.createElement("div");
    block.className = "quoted-words spoken";
    const text = await (await fetch(quoted.dataset.quoted)).text();
    block.textContent = text;
    quoted.closest(".message-foot").before(block);
    return;
  }
  const pictures = event.target.closest(".pictures");
  if (pictures) {
    event.preventDefault();
    pictures.closest("details").querySelector("iframe").src = pictures.href;
    pictures.closest("p").remove();
  }
});

const thread = document.getElementById("thread");
const named = location.hash && document.querySelector(location.hash.replace(/[^#\w]/g, ""));
const last = [...thread.querySelectorAll(".message")].pop();
const hidden = document.getElementById("compose")?.offsetHeight ?? 0;
if (!named && last && last.getBoundingClientRect().bottom > innerHeight - hidden)
  last.scrollIntoView({ block: last.offsetHeight > innerHeight / 2 ? "start" : "end" });
