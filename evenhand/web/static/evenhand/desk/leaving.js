/** An answer that can still be taken back counts its seconds down, then the page looks anew. */
import { refresh } from "./refresh.js";

setInterval(() => {
  for (const each of document.querySelectorAll("[data-leaves]")) {
    const left = Math.ceil((Date.parse(each.dataset.leaves) - Date.now()) / 1000);
    if (left > 0) each.querySelector("output").textContent = left;
    else {
      delete each.dataset.leaves;
      refresh();
    }
  }
}, 500);
