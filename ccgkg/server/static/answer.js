// An answer with its views: as it is, as a network, and to be kept.

import {FORMATS} from "./ask.js";
import {address, by, counted, el} from "./dom.js";
import {table} from "./table.js";

const MOST = 200_000;  // characters of triples that are shown at once
// In the server's Turtle each triple ends in one of three signs; in texts and IRIs they mean nothing.
const ENDS = /"[^"\\]*(?:\\[^][^"\\]*)*"|<[^<>"\s]*>|^@.*$|\s[.;,](?=\s|$)/gm;
const NAMES = {rows: "Table", answer: "Answer", triples: "Triples", network: "Network", download: "Download"};

export class Answer {
  /**
   * `facts` are the page's; `open` shows a claim; `turned(view)` is told of another view; `goTo(line,
   * column)` leads to a place in the query.
   */
  constructor(facts, {open, turned, goTo}) {
    Object.assign(this, {facts, open, turned, goTo, place: by("_answer")});
  }

  /** Show an answer to a query, in one of its views; `title` is the question in words. */
  show(query, answer, view, title) {
    this.query = query;
    const drawn = this.facts.base && answer.kind !== "answer";  // the map is of a corpus
    this.views = [answer.kind, ...(drawn ? ["network"] : []), "download"];
    this.made = new Map();
    this.make = {
      rows: () => rows(answer, this.facts, this.open),
      answer: () => el("p", {class: "verdict"}, answer.yes ? "Yes" : "No"),
      triples: () => triples(answer.text),
      network: () => network(query, title),
      download: () => downloads(query, answer),
    };
    this.tabs = this.views.map(name => el("button", {
      type: "button", role: "tab", id: `_tab-${name}`, "aria-controls": `_view-${name}`,
      on: {click: () => this.turn(name, true), keydown: event => this.step(event)},
    }, NAMES[name]));
    this.panels = this.views.map(name => el("div", {role: "tabpanel", id: `_view-${name}`, "aria-labelledby": `_tab-${name}`}));
    this.past = el("span", {hidden: true}, ", of an earlier query");
    const told = [
      el("h2", {class: "away"}, "Answer"),
      el("div", {class: "bar"}, el("div", {role: "tablist", "aria-label": "Views of the answer"}, ...this.tabs),
        el("p", {class: "measure quiet"}, measured(answer), this.past)),
      this.slips = el("ul", {class: "slips", "aria-label": "Is this meant?", hidden: true}),
      ...(answer.evidence ? traced(answer.evidence, this.goTo) : []),
      answer.lacking && lacking(answer.lacking),
      ...this.panels,
    ];
    this.place.replaceChildren(...told.filter(Boolean));
    this.turn(this.views.includes(view) ? view : this.views[0]);
    this.place.hidden = false;
    return measured(answer);
  }

  /** Show another view; a view is made when it is first asked for. */
  turn(name, chosen = false) {
    this.views.forEach((view, at) => {
      const on = view === name;
      this.tabs[at].setAttribute("aria-selected", String(on));
      this.tabs[at].tabIndex = on ? 0 : -1;
      this.panels[at].hidden = !on;
      if (!on || this.made.has(view)) return;
      this.made.set(view, true);
      this.panels[at].replaceChildren(this.make[view]());
    });
    if (chosen) this.turned(name === this.views[0] ? "" : name);
  }

  step(event) {
    const way = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!way) return;
    const at = (this.tabs.indexOf(event.target) + way + this.tabs.length) % this.tabs.length;
    this.turn(this.views[at], true);
    this.tabs[at].focus();
  }

  /** Show what may be slips in the query, in the server's words. */
  warn(slips) {
    this.slips.replaceChildren(...slips.map(words => el("li", {}, words)));
    this.slips.hidden = !slips.length;
  }

  /** Say whether the query that stands above is another by now. */
  age(isPast) {
    if (this.past) this.past.hidden = !isPast;
    // In another text their places are others.
    for (const button of this.place.querySelectorAll(".slips button")) button.hidden = isPast;
  }

  /** Nothing is shown. */
  clear() {
    this.place.hidden = true;
    this.place.replaceChildren();
  }
}

function measured(answer) {
  const seconds = `${answer.seconds < 10 ? answer.seconds.toFixed(2) : Math.round(answer.seconds)} s`;
  const size = {rows: () => counted(answer.rows.length, "row"), answer: () => (answer.yes ? "yes" : "no"),
    triples: () => counted(triplesIn(answer.text), "triple")}[answer.kind]();
  return `${size} in ${seconds}`;
}

const lacking = graphs => el("p", {class: "notice"},
  "The dataset has no such graph, so nothing was found in it: ", el("span", {class: "mono"}, graphs));

// What is not traced, and the rows for which no claim was found.
function traced({claims, untraced}, goTo) {
  const parts = untraced.map(({line, column, what}) => el("li", {},
    `Not traced: line ${line}, column ${column}: ${what} `,
    el("button", {type: "button", on: {click: () => goTo(line, column)}}, `Go to line ${line}`)));
  const bare = claims.filter(some => !some.length).length, of = `${counted(bare, "of", "of")} ${counted(claims.length, "row")}`;
  const told = untraced.length ? `For ${of} no claim is found in what is traced.`
    : `${of} ${claims.length === 1 ? "rests" : "rest"} on no claim: on the registers, the ontology and the records of the sources alone.`;
  return [
    parts.length > 0 && el("ul", {class: "slips", "aria-label": "Not traced"}, ...parts),
    bare > 0 && el("p", {class: "notice"}, told),
  ];
}

function rows(answer, facts, open) {
  if (answer.rows.length) return table(answer, facts, open);
  return el("div", {class: "notice"}, el("p", {}, "No rows: nothing in the dataset fits all that is asked."),
    el("ul", {},
      facts.terms.all.length > 0 && el("li", {}, "A name that is spelt otherwise is another thing: look it up under “Insert a term”."),
      el("li", {}, "Take the last lines away, or put them into ", el("code", {}, "OPTIONAL { … }"), ", until there are rows.")));
}

function triples(text) {
  if (!text.trim()) return el("p", {class: "notice"}, "No triples: nothing in the dataset fits all that is asked.");
  const first = text.length <= MOST ? text : text.slice(0, text.lastIndexOf(" .\n", MOST) + 2) || text.slice(0, MOST);
  const shown = el("pre", {tabindex: "0", "aria-label": "The triples, as Turtle"}, first);
  if (first === text) return shown;
  return el("div", {}, shown, el("p", {class: "notice"}, `${counted(triplesIn(first), "triple")} of ${counted(triplesIn(text), "triple")} are shown; Download has all.`));
}

const triplesIn = turtle => [...turtle.matchAll(ENDS)].filter(([sign]) => /^\s/.test(sign)).length;

function network(query, title) {
  const href = address("network", {query}), told = el("p", {class: "small", role: "status"}, "Drawing…");
  const frame = el("iframe", {src: href, title: `The network: ${title}`});
  const alone = el("p", {class: "small"}, el("a", {href, target: "_blank", rel: "noopener"}, "Open the network alone"));
  frame.addEventListener("load", () => {
    told.hidden = true;
    const inside = frame.contentDocument;
    if (!inside) return;
    if (inside.contentType === "text/html") {
      framed(inside, title);
      return;
    }
    // What is no page is the server's reason why there is none.
    frame.replaceWith(el("p", {class: "notice"}, `No network: ${inside.body.textContent.trim()}`));
    alone.remove();
  });
  return el("div", {class: "network"}, alone, told, frame);
}

// Within this page, the map needs no head of its own, bears the question as its title, leads out of
// its frame, and has our theme.
function framed(inside, title) {
  for (const around of inside.querySelectorAll(".top, .foot")) around.remove();
  for (const name of inside.querySelectorAll("h1, #lens option[value='']")) name.textContent = title;
  inside.addEventListener("click", event => {
    const link = event.target.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) link.target = "_top";
  }, true);
  const root = document.documentElement;
  const follow = ({detail}) => {
    if (!inside.defaultView) {  // another answer has taken its place
      root.removeEventListener("themechange", follow);
      return;
    }
    inside.documentElement.dataset.theme = detail;
    inside.documentElement.dispatchEvent(new CustomEvent("themechange", {detail}));
  };
  root.addEventListener("themechange", follow);
}

function downloads(query, {kind, evidence}) {
  const links = FORMATS[kind].map(([format, ending, told]) => el("li", {},
    el("a", {href: address("sparql", {query, format}), download: `answer.${ending}`}, told)));
  if (evidence) {
    links.push(el("li", {}, el("a", {href: address("evidence.json", {query}), download: "evidence.srj"}, "JSON, with the evidence of each row")));
  }
  return el("div", {class: "keep"}, el("p", {}, "The whole answer, asked anew:"), el("ul", {}, ...links));
}
