/** Reply or note: which of the two panes is open, and going into it. */

/** Open a pane and put the cursor in it. False where there is none. */
export function compose(kind) {
  const tab = document.getElementById(`tab-${kind}`);
  if (!tab) return false;
  open(tab);
  // The editor may still be on its way: the plain field takes the first words then, and hands them over.
  const pane = document.getElementById(`${kind}-pane`);
  (pane.querySelector(".tiptap") ?? pane.querySelector("textarea.words")).focus();
  pane.scrollIntoView({ block: "nearest" });
  return true;
}

export function open(chosen) {
  for (const tab of document.querySelectorAll("#compose [role=tab]")) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
  }
}

for (const tab of document.querySelectorAll("#compose [role=tab]")) {
  tab.addEventListener("click", () => open(tab));
  tab.addEventListener("keydown", ({ key }) => {
    if (key !== "ArrowRight" && key !== "ArrowLeft") return;
    const other = document.querySelector("#compose [role=tab][aria-selected=false]");
    open(other);
    other.focus();
  });
}
