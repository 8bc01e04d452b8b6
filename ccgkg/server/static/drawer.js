// The evidence of one claim: its card, as the claim's own page has it.

import {by, el} from "./dom.js";
import {fetched} from "./ask.js";

const UNWANTED = "script, style, link, meta, iframe, object, embed, form";

/** A function that opens the drawer with the card of a claim, by its short id. */
export function drawer() {
  const dialog = by("_drawer"), inside = by("_card"), cite = by("_cite");
  const cards = new Map();
  let wanted = "";
  by("_shut").addEventListener("click", () => dialog.close());
  // A click beside the drawer shuts it; one inside has another target.
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });

  return async claim => {
    wanted = claim;
    cite.hidden = true;
    inside.replaceChildren(el("p", {class: "quiet"}, "Looking it up…"));
    dialog.showModal();
    let shown;
    try {
      if (!cards.has(claim)) cards.set(claim, await card(claim));
      shown = cards.get(claim).cloneNode(true);
    } catch (problem) {
      shown = el("p", {class: "notice"}, `The card of ${claim} cannot be shown: ${problem.message}`);
    }
    if (wanted !== claim) return;
    inside.replaceChildren(shown);
    // At the top as well: in a long card it stands far below.
    const citation = inside.querySelector("[data-what='Citation']");
    cite.hidden = !citation;
    if (citation) cite.dataset.copy = citation.dataset.copy;
  };
}

async function card(claim) {
  const response = await fetched(`claim/${claim}`, {headers: {Accept: "text/html"}});
  // Of the page only what it is about: its head has styles, which our own page would refuse aloud.
  const [, about] = (await response.text()).match(/(<main[^]*<\/main>)/) || [];
  const page = new DOMParser().parseFromString(about || "", "text/html");
  const found = page.querySelector("article.claim") || page.querySelector("main");
  if (!found) throw new Error("its page has none");
  const own = document.importNode(found, true);
  for (const unwanted of own.querySelectorAll(UNWANTED)) unwanted.remove();
  // Its links are told from its own page; here they start elsewhere.
  for (const link of own.querySelectorAll("[href]")) {
    const target = new URL(link.getAttribute("href"), response.url);
    if (/^https?:$/.test(target.protocol)) link.setAttribute("href", target.href);
    else link.removeAttribute("href");
  }
  const heading = own.querySelector("h1");
  if (heading) heading.replaceWith(el("h2", {class: "label"}, el("a", {href: `claim/${claim}`}, heading.textContent)));
  return own;
}
