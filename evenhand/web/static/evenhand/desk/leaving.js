/** An answer that can still be taken back counts its seconds down, then the page looks anew. */
import { refresh } from "./refresh.js";

setInterval(() => {
  for (const form of document.querySelectorAll("form[data-leaves]")) {
    const left = Math.ceil((Date.parse(form.dataset.leaves) - Date.now()) / 1000);
    if (left > 0) form.querySelector("output").textContent = left;
    else {
      form.remove();
      refresh();
    }
  }
}, 500);
