// The query page: one query, its answer, and an address that holds both.

import {Refused, ask, askEvidence, slips} from "./ask.js";
import {Answer} from "./answer.js";
import {by, counted, el, say} from "./dom.js";
import {drawer} from "./drawer.js";
import {Values, examples} from "./examples.js";
import {plain} from "./plain.js";
import {terms} from "./terms.js";

const facts = JSON.parse(by("_facts").textContent);
facts.terms = await terms(facts.base);
const area = by("_query"), start = facts.start;
const invitation = by("_start").textContent;
const values = new Values(facts.terms, () => age());
const answer = new Answer(facts, {
  open: drawer(),
  turned: view => keep({query: state.query, view}),
  goTo: (line, column) => editor.goTo(line, column),
});
const wish = by("_evidence");  // the switch; where there is no corpus, there is none
const today = new Intl.DateTimeFormat("en-GB", {dateStyle: "long", timeStyle: "short"});
const LONGEST = 6000;  // signs of a query in an address that servers and proxies take
// `query` was asked last, and `found` is its answer; `shipped` is the text of the example that was loaded;
// `own` what somebody made of it; `known` has the questions of the texts that the server gave, whose slips
// are nobody's here.
const state = {query: "", found: null, shipped: "", own: "", known: new Map(), running: null};

const page = {
  nonce: facts.nonce,
  run: () => { submit(); },
  changed: () => {
    values.isNew = false;
    clearProblem();
    age();
  },
  suggest: word => facts.terms.search(word),
  written: (term, text) => facts.terms.written(term, text),
};

async function editing() {
  if (facts.editor) {
    try {
      return (await import("./editor.js")).editor(area, page);
    } catch { /* it is a convenience: without it the text field does */ }
  }
  by("_plain").hidden = false;
  return plain(area, page);
}

// ---- what the address says

// A link that is passed on has its query before the `#`, where a server without scripts sees it as
// well; while one asks it stands behind, where its length does not matter.
function told() {
  const behind = new URLSearchParams(location.hash.slice(1));
  const given = behind.has("query") ? behind : new URLSearchParams(location.search);
  return {query: given.get("query") || "", view: given.get("view") || "", evidence: given.get("evidence") === "1"};
}

const written = (query, view) => [
  `query=${encodeURIComponent(query)}`, view && `view=${encodeURIComponent(view)}`, isWished() && "evidence=1",
].filter(Boolean).join("&");

function keep({query, view, isNew = false}) {
  const given = told();
  if (given.query === query && given.view === view && given.evidence === isWished()) return;
  history[isNew ? "pushState" : "replaceState"](null, "", `${location.pathname}#${written(query, view)}`);
}

const isWished = () => Boolean(wish?.checked);

const link = () => {
  const asked = written(editor.text, "");
  return location.origin + location.pathname + (asked.length < LONGEST ? "?" : "#") + asked;
};

function follow() {
  const {query, view, evidence} = told();
  if (location.hash && !location.hash.startsWith("#query=")) return;  // a link within the page
  stop();
  values.show(null);
  if (wish) wish.checked = evidence;
  if (query === "") {
    state.query = "";
    editor.text = start;
    clearAnswer();
    idle(invitation);
  } else {
    if (editor.text !== query) editor.text = query;
    run(query, view);
  }
}

// ---- asking

async function submit() {
  const query = await bound(editor.text);
  if (query === null) return;
  if (query !== editor.text) editor.text = query;
  if (!query.trim()) {
    refused(new Refused("There is nothing to ask.", {hint: "Write a query, or choose an example."}));
    return;
  }
  await run(query, told().query === query ? told().view : "", true);
}

// The text with its values, if it waits for any; null where that failed, and was told.
async function bound(text) {
  const isOpen = values.isOpen(text);
  if (!isOpen && !values.isNew) return text;
  if (isOpen) state.own = text === state.shipped ? "" : text;
  const control = begin();
  try {
    const given = await values.bound(state.own, control.signal);
    if (given === null) say("Failed: a value is missing or wrong");
    else if (!state.own) state.known.set(given, values.example.summary);
    return given;
  } catch (problem) {
    if (problem.name !== "AbortError") refused(problem);
    return null;
  } finally {
    end(control);
  }
}

async function run(query, view, isNew = false) {
  state.query = query;
  keep({query, view, isNew});
  clearAnswer();
  const control = begin();
  try {
    const found = await (isWished() ? askEvidence : ask)(query, control.signal);
    if (control !== state.running) return;
    show(query, found, view);
    if (isNew) reveal(by("_answer"));
  } catch (problem) {
    if (problem.name !== "AbortError") refused(problem);
    else if (control === state.running) end(control, "Stopped.");
  } finally {
    end(control);
  }
}

function show(query, found, view) {
  state.found = found;
  const question = state.known.get(query) || "This answer";
  say(`Done: ${answer.show(query, found, view, question)}`);
  by("_printed").textContent = `${question} (${today.format()}, ${location.origin}${location.pathname})`;
  age();
  warn(query);
}

// Of what is shown the evidence is asked for at once; to leave it out nobody need be asked.
function switched() {
  const {query, found} = state, {view} = told();
  if (found?.kind === "rows" && !isWished()) {
    keep({query, view});
    show(query, {...found, evidence: null}, view);
  } else if (query && (found?.kind === "rows" || state.running)) {
    run(query, view);
  } else if (query) {
    keep({query, view});
  }
}

// After the answer, which waits for none of this.
async function warn(query) {
  if (state.known.has(query)) return;
  const found = await slips(query);
  if (query === state.query) answer.warn(found);
}

function begin() {
  stop();
  const control = new AbortController(), since = performance.now();
  state.running = control;
  const tick = () => { by("_clock").textContent = `Asking… ${Math.floor((performance.now() - since) / 1000)} s`; };
  control.clock = setInterval(tick, 1000);
  by("_clock").textContent = "Asking…";
  by("_stop").hidden = false;
  by("_answer").setAttribute("aria-busy", "true");
  say("Asking");
  return control;
}

function end(control, words = "") {
  clearInterval(control.clock);
  if (control !== state.running) return;
  state.running = null;
  by("_clock").textContent = words;
  if (words) say(words);
  if (document.activeElement === by("_stop")) by("_run").focus();
  by("_stop").hidden = true;
  by("_answer").removeAttribute("aria-busy");
}

// Below the fold, an answer would seem not to have come.
function reveal(place) {
  if (place.getBoundingClientRect().top > innerHeight * 0.7) place.scrollIntoView({block: "start"});
}

const stop = () => state.running?.abort();

// ---- what went wrong

function refused(problem) {
  const {line, column = 1, hint} = problem, place = by("_problem");
  const excerpt = line && editor.text.split("\n")[line - 1];
  const where = line && `Line ${line}, column ${column}`;
  const told = [
    el("p", {}, where && el("b", {}, `${where}: `), line ? bare(problem.message) : problem.message),
    excerpt !== undefined && line ? el("pre", {"aria-hidden": "true"}, `${excerpt}\n${pointer(excerpt, column)}`) : null,
    hint ? el("p", {}, hint) : null,
    line ? el("p", {}, el("button", {type: "button", on: {click: () => editor.goTo(line, column)}}, `Go to ${where.toLowerCase()}`)) : null,
  ];
  place.replaceChildren(...told.filter(Boolean));
  place.hidden = false;
  say("Failed");
  if (line) editor.mark(line, column, bare(problem.message));
}

// The server's words show the place as well, which here is shown in the text itself.
const bare = message => message.split("\n")[0].replace(/^line \d+, column \d+: /, "");

// Tabs stay what they are, so that the sign stands below its place.
const pointer = (line, column) => `${[...line].slice(0, column - 1).join("").replace(/[^\t]/gu, " ")}^`;

function clearProblem() {
  if (by("_problem").hidden) return;
  by("_problem").hidden = true;
  by("_problem").replaceChildren();
  editor.clear();
}

// What stands in place of an answer.
function idle(words) {
  by("_start").textContent = words;
  by("_start").hidden = false;
}

const age = () => answer.age(values.isNew || editor.text !== state.query);

function clearAnswer() {
  clearProblem();
  state.found = null;
  answer.clear();
  by("_printed").textContent = "";
  by("_start").hidden = true;
}

// ---- examples and terms

// The answer to another question would look like this one's: it goes first.
function load(text, example) {
  stop();
  clearAnswer();
  values.show(example);
  Object.assign(state, {query: "", shipped: text, own: ""});
  editor.text = text;
  if (matchMedia("(max-width: 60rem)").matches) by("_ask").scrollIntoView();
  if (values.focus()) idle("Fill in and Run.");
  else submit();
}

function termList() {
  const words = by("_term-words"), list = by("_terms");
  const fill = () => {
    const found = facts.terms.search(words.value, 50);
    list.replaceChildren(...found.map(term => el("li", {},
      el("button", {type: "button", on: {click: () => editor.insert(facts.terms.written(term, editor.text))}},
        el("span", {class: "mono"}, term.name || term.iri)),
      el("span", {class: "small"}, [term.label, term.definition].filter(Boolean).join(": ")))));
    by("_terms-found").textContent = counted(found.length, "term") + (found.length === 50 ? " at most: type to find others" : "");
  };
  words.addEventListener("input", fill);
  // Those of a large dataset come later than all else.
  facts.terms.here.then(() => {
    by("_term-shelf").hidden = !facts.terms.all.length;
    fill();
  });
}

// ---- begin

const editor = await editing();
by("_ask").addEventListener("submit", event => { event.preventDefault(); submit(); });
by("_fields").addEventListener("keydown", event => {
  // Enter alone sends a form; with these it would not.
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
});
by("_stop").addEventListener("click", stop);
wish?.addEventListener("change", switched);
by("_share").addEventListener("click", () => {
  // What is copied is said here; the click goes on to where every page copies.
  by("_share").dataset.copy = link();
});
addEventListener("popstate", follow);
termList();
if (matchMedia("(max-width: 60rem)").matches) by("_examples").open = false;
for (const [text, question] of await examples(load)) state.known.set(text, question);
if (told().query) follow();
by("_ask").dataset.ready = "yes";
