// The rows of an answer as a table. However many there are, only some stand in the page.

import {claimOf, counted, el, leads, say} from "./dom.js";

const AT_ONCE = 200;
const WORDY = 60;
const BROAD = 8;  // columns, above which all are set smaller
const FIRST = 3;  // claims of a row that are shown before the others are asked for
const order = new Intl.Collator("en", {numeric: true, sensitivity: "base"});

/** `facts` are the page's: base and terms; `open` shows a claim. With evidence the table has a column of it. */
export function table({columns: names, rows, evidence}, facts, open) {
  // As cards, on a narrow screen, it is no table any more unless it says so.
  const body = el("tbody", {role: "rowgroup"}), caption = el("caption");
  const more = el("button", {type: "button", on: {click: () => grow()}});
  const kinds = kindsOf(names, rows.slice(0, AT_ONCE));
  const columns = names.map(name => ({
    label: spoken(name), kind: kinds.get(name),
    key: row => (row[name] ? String(row[name].value) : null),
    shown: row => row[name] && el("div", {}, ...shownTerm(row[name], facts, open)),
  }));
  if (evidence) columns.push(grounds(names, rows, evidence, claim => iri(claim, facts, open)));
  let sorted = rows, shown = 0;

  const grow = () => {
    const next = sorted.slice(shown, shown + AT_ONCE);
    const focus = document.activeElement === more && body.rows.length;
    body.append(...next.map(row => el("tr", {role: "row"}, ...columns.map(column => cell(row, column)))));
    shown += next.length;
    caption.textContent = `${counted(shown, "row")} of ${counted(rows.length, "row")} are shown`;
    caption.hidden = shown >= rows.length;
    more.hidden = shown >= rows.length;
    more.textContent = `Show ${Math.min(AT_ONCE, rows.length - shown)} more`;
    if (focus) say(caption.textContent);
  };
  const cell = (row, {label, kind, shown: content}) =>
    el("td", {role: "cell", class: kind, "data-label": label}, content(row));
  const redraw = () => {
    const enough = Math.max(shown, AT_ONCE);
    body.replaceChildren();
    for (shown = 0; shown < Math.min(enough, rows.length);) grow();
  };
  const sortBy = (head, column) => {
    const falling = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    sorted = inOrder(rows, column.key, falling ? -1 : 1);
    redraw();
  };

  const heads = columns.map(column => {
    const head = el("th", {scope: "col", role: "columnheader"});
    head.append(el("button", {type: "button", on: {click: () => sortBy(head, column)}}, column.label));
    return head;
  });
  grow();
  return el("div", {},
    el("div", {class: "scroll", role: "region", "aria-label": "The rows, a wide table", tabindex: "0"},
      el("table", {role: "table", class: columns.length > BROAD && "broad"}, caption, el("thead", {role: "rowgroup"}, el("tr", {role: "row"}, ...heads)), body)),
    el("p", {class: "more"}, more));
}

// What has no value comes last, whichever way the table is sorted.
function inOrder(rows, key, way) {
  const keyed = rows.map(row => [key(row), row]);
  const numbers = keyed.every(([key]) => key === null || (key.trim() !== "" && Number.isFinite(Number(key))));
  const compare = numbers ? (a, b) => Number(a) - Number(b) : order.compare;
  keyed.sort(([a], [b]) => (a === null) - (b === null) || (a === null ? 0 : compare(a, b) * way));
  return keyed.map(([, row]) => row);
}

const spoken = column => column.replaceAll("_", " ");

// A column is set in one way: as prose, where its rows hold longer texts; the longest have the most
// room.
function kindsOf(columns, rows) {
  const sizes = columns.map(column => rows.map(({[column]: term}) => (term && term.type !== "uri" ? String(term.value).length : 0)));
  const means = sizes.map(all => all.reduce((sum, size) => sum + size, 0) / rows.length);
  const most = Math.max(...means);
  return new Map(columns.map((column, at) => [column, sizes[at].some(size => size > WORDY) && (means[at] > most * 0.8 ? "wordy long" : "wordy")]));
}

// The column of the claims on which each row rests, sorted by how many they are; `shown` shows one.
function grounds(names, rows, {claims, untraced}, shown) {
  const of = new Map(rows.map((row, at) => [row, claims[at]]));
  // Where a part is not traced, there may be claims all the same.
  const none = untraced.length ? "no claim traced" : "no claim";
  return {
    label: names.includes("evidence") ? "evidence 2" : "evidence", kind: "grounds",
    key: row => String(of.get(row).length),
    shown: row => (of.get(row).length ? listed(of.get(row), shown) : el("div", {class: "quiet"}, none)),
  };
}

function listed(claims, shown) {
  const lines = some => some.map(claim => el("li", {}, ...shown(claim)));
  const rest = claims.slice(FIRST);
  const unfold = () => {
    const added = lines(rest);
    last.replaceWith(...added);
    added[0].querySelector("a").focus();
  };
  const last = el("li", {}, el("button", {type: "button", class: "rest", on: {click: unfold}}, `… and ${counted(rest.length, "more", "more")}`));
  return el("ul", {}, ...lines(claims.slice(0, FIRST)), rest.length > 0 && last);
}

function shownTerm(term, facts, open) {
  if (term.type === "uri") return iri(term.value, facts, open);
  if (term.type === "bnode") return [el("span", {class: "mono", title: "a node without a name"}, `_:${term.value}`)];
  if (term.type === "triple") {
    const {subject, predicate, object} = term.value;
    const parts = [subject, predicate, object].flatMap(part => [" ", ...shownTerm(part, facts, open)]);
    return ["<<", ...parts, " >>"];
  }
  const language = term["xml:lang"], datatype = term.datatype;
  const title = language ? `“${language}” (language)` : datatype ? facts.terms.short(datatype) : "text without a language";
  return [el("span", {class: "literal", title, lang: language, dir: "auto"}, term.value)];
}

function iri(address, {base, terms}, open) {
  const claim = claimOf(address, base), way = leads(address, base);
  const name = claim || terms.short(address);
  const rel = way && way.away ? "external noreferrer" : null;
  const link = way ? el("a", {href: way.href, title: address, rel}, name) : el("span", {class: "mono", title: address}, name);
  if (!claim) return [link];
  const button = el("button", {
    type: "button", class: "evidence", "aria-haspopup": "dialog", "aria-label": `Evidence for ${claim}`,
    on: {click: () => open(claim)},
  }, "Evidence");
  return [link, " ", button];
}
