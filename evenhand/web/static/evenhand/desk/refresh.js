/** Looking anew at the pieces of this page marked `data-refresh`, without touching anything else.
 *
 * The page is asked for once more and each piece is brought up to date element by element, by id: what has not changed
 * stays the very same element, so an open frame, a fold or a focus survives. What is being typed is in no such piece.
 */
const LATER = 150; // milliseconds: a burst of events is one look
const BUSY = "details[open] form, input:focus, select:focus, textarea:focus";
let waiting = 0;
let running = null;

export function refreshSoon() {
  waiting ||= setTimeout(() => {
    waiting = 0;
    refresh();
  }, LATER);
}

export async function refresh() {
  running?.abort();
  running = new AbortController();
  let answer;
  try {
    answer = await fetch(location.href, { headers: { "X-Refresh": "1" }, signal: running.signal, redirect: "manual" });
  } catch {
    return; // another look is under way, or the net is away: the stream tells when it is back
  }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const regain = focused();
  const pieces = document.querySelectorAll("[data-refresh]");
  for (const old of pieces) {
    const next = fresh.getElementById(old.id);
    if (next && !old.querySelector(BUSY)) renew(old, next);
  }
  const boxes = fresh.getElementById("boxes");
  if (boxes) renew(document.getElementById("boxes"), boxes);
  regain();
  document.title = fresh.title;
  document.dispatchEvent(new CustomEvent("desk:refreshed"));
}

/** A way back to what has the focus, or what takes its place: who works by keys must not begin at the top again. */
function focused() {
  const had = document.activeElement;
  const piece = had.closest("[data-refresh], #boxes");
  const alike = () => [...piece.querySelectorAll(had.tagName)];
  const name = (each) => each.getAttribute("href") ?? each.textContent;
  const at = piece ? alike().indexOf(had) : -1;
  return () => {
    if (at < 0 || document.activeElement === had) return;
    const next = had.isConnected ? had : alike().find((each) => name(each) === name(had)) ?? alike()[at] ?? document.getElementById("main");
    next.focus({ preventScroll: true });
  };
}

/** Make `old` like `next`, keeping every child that is already alike. */
export function renew(old, next) {
  if (same(old, next)) return;
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const known = new Map([...old.children].filter((each) => each.id).map((each) => [each.id, each]));
  const wanted = [...next.children];
  if (!wanted.some((each) => each.id)) {
    old.replaceChildren(...[...next.childNodes].map((each) => document.importNode(each, true)));
    return;
  }
  const kept = wanted.map((each) => {
    const mine = known.get(each.id);
    return mine && same(mine, each) ? mine : adopt(each, mine);
  });
  if (kept.length !== old.children.length || kept.some((each, at) => each !== old.children[at])) place(old, kept);
}

function adopt(each, mine) {
  const fresh = document.importNode(each, true);
  if (!mine) fresh.classList.add("fresh");
  else if (mine.querySelector("details[open]")) fresh.querySelector("details")?.setAttribute("open", "");
  return fresh;
}

/** Put children in order without moving those that stay: moving a frame would load it again. */
function place(old, kept) {
  for (const each of [...old.children]) if (!kept.includes(each)) each.remove();
  kept.forEach((each, at) => {
    if (old.children[at] !== each) old.insertBefore(each, old.children[at] ?? null);
  });
}

/** Alike but for what the reader did to it (an open fold, a token of the form). */
function same(one, other) {
  return plain(one) === plain(other);
}

function plain(element) {
  return element.outerHTML
    .replace(/<input type="hidden" name="csrfmiddlewaretoken"[^>]*>/g, "")
    .replace(/ open=""| class="fresh"| fresh(?=")| data-chosen=""/g, "");
}
