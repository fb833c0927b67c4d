/** Back leads to the list that one came from, as it was narrowed, and `j` and `k` go along it: kept in this tab only. */
const KEPT = "evenhand:list";
const list = document.querySelector(".listing, .front");
const back = document.getElementById("back");
const kept = JSON.parse(sessionStorage.getItem(KEPT));

if (list) addEventListener("pagehide", () => {
  const name = list.matches(".front") ? "Front page" : list.querySelector("h1").textContent;
  const numbers = [...list.querySelectorAll(".row")].map((row) => Number(row.id.slice(1)));
  sessionStorage.setItem(KEPT, JSON.stringify({ address: location.href, name, numbers }));
});
if (back && kept) Object.assign(back, { href: kept.address, textContent: kept.name });

/** To the conversation below or above this one. False where none is known. */
export function neighbour(by) {
  const here = Number(document.querySelector("[data-conversation]")?.dataset.conversation);
  const at = kept?.numbers.indexOf(here) ?? -1;
  const next = at < 0 ? undefined : kept.numbers[at + by];
  if (next) location.assign(`/desk/c/${next}/`);
  return Boolean(next);
}
