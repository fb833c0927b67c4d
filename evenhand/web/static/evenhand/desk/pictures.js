/** A picture of the thread, large, over the page; arrows go to the one before and the one after. Without this it opens as a page. */
const dialog = document.createElement("dialog");
dialog.id = "picture";
dialog.innerHTML = `<img alt=""><div class="line apart"><span class="fine muted"></span><form method="dialog"><button class="button quiet small">Close</button></form></div>`;

let shown = null;

function show(link) {
  const small = link.querySelector("img");
  const large = dialog.querySelector("img");
  shown = link;
  large.src = link.href;
  large.alt = small.alt;
  dialog.setAttribute("aria-label", small.alt);
  dialog.querySelector("span").textContent = small.alt;
  if (dialog.open) return;
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-picture]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
});

dialog.addEventListener("click", (event) => event.target.closest("form") || dialog.close());
dialog.addEventListener("close", () => shown?.focus());
dialog.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...document.querySelectorAll("[data-picture]")];
  const next = all[all.indexOf(shown) + step];
  if (next) show(next);
});
