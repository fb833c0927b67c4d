/** Sliders and the exact numbers beside them move together, and a refusal is shown where the result would stand. */
document.addEventListener("input", ({ target }) => {
  if (target.dataset.slides) document.getElementById(target.dataset.slides).value = target.value;
  else if (target.matches(".exact")) {
    const slider = document.querySelector(`[data-slides="${target.id}"]`);
    if (slider) slider.value = target.value.replace(",", ".");
  }
}, { capture: true });

// The answer to a number that cannot be used is a sentence with its own status; htmx would drop it.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const status = detail.xhr.status;
  if (detail.target.id === "lab-result" && (status === 400 || status === 503)) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});
