/** A sentence at the foot of the page, for a few seconds, read out to those who listen. */
export function toast(words, tone = "") {
  const box = document.getElementById("toasts");
  const line = document.createElement("p");
  line.className = `toast ${tone}`;
  line.textContent = words;
  box.append(line);
  setTimeout(() => line.remove(), 7000);
}
