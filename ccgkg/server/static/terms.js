// The dataset's terms: found by name and label, and written into a query.

import {NO_IRI, fold} from "./dom.js";

const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;
const PROLOGUE = /^\s*(?:(?:PREFIX\s+\S*:|BASE)\s*<[^>]*>\s*)+(?:#.*)?$/i;
const NOTHING = /^\s*(?:#.*)?$/;
const SCHEMA = ["class", "property", "relation"];

const PATIENCE = 1000;  // milliseconds; a large dataset takes longer to be read, and all else goes on

/** Terms and prefixes as the server tells them; without them all else still works. `base`: the corpus's. */
export async function terms(base) {
  const all = new Terms({}, base);
  all.here = fetch("terms.json").then(answer => (answer.ok ? answer.json() : {})).then(told => all.fill(told), () => {});
  await Promise.race([all.here, new Promise(resolve => { setTimeout(resolve, PATIENCE); })]);
  return all;
}

export class Terms {
  constructor(told, base = "") {
    this.base = base;
    this.fill(told);
  }

  fill({prefixes = {}, terms: told = []}) {
    this.prefixes = new Map(Object.entries(prefixes));
    // The longest namespace that fits is the closest.
    this.namespaces = [...this.prefixes].sort((a, b) => b[1].length - a[1].length);
    this.all = told.filter(term => !NO_IRI.test(term.iri)).map(term => ({
      ...term, name: term.name || "", label: term.label || "", definition: term.definition || "",
      isOwn: Boolean(this.base) && term.iri.startsWith(this.base),
      folded: [fold(term.name || ""), fold(term.label || "")],
    }));
    this.things = this.all.filter(term => term.label && !SCHEMA.includes(term.kind.toLowerCase()));
  }

  /** An IRI with the closest prefix; as it is where none fits. */
  short(iri) {
    const found = this.namespaces.find(([, namespace]) => iri.startsWith(namespace) && iri !== namespace);
    return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
  }

  /** The terms whose name or label has these words: what begins so first, of those the corpus's own. */
  search(words, most = 60, among = this.all) {
    const wanted = fold(words).trim();
    if (!wanted) return among.slice(0, most);
    const found = [];
    for (const term of among) {
      const rank = likeness(term.folded, wanted);
      if (rank >= 0) found.push([rank, term]);
    }
    found.sort((a, b) => a[0] - b[0] || b[1].isOwn - a[1].isOwn || a[1].label.length - b[1].label.length || (a[1].iri < b[1].iri ? -1 : 1));
    return found.slice(0, most).map(([, term]) => term);
  }

  /** How a term is written in a text, and the PREFIX line that the text lacks for it. */
  written(term, text) {
    const [prefix, ...rest] = term.name.split(":"), local = rest.join(":");
    const namespace = this.prefixes.get(prefix);
    if (namespace === undefined || !LOCAL.test(local)) return {text: `<${term.iri}>`, prefix: null};
    const own = [...text.matchAll(/^\s*PREFIX\s+([\w.-]*):\s*<([^>]*)>/gim)].find(found => found[1] === prefix);
    if (own && own[2] !== namespace) return {text: `<${term.iri}>`, prefix: null};
    return {text: term.name, prefix: own ? null : declaration(prefix, namespace, text)};
  }
}

function likeness([name, label], wanted) {
  const local = name.slice(name.indexOf(":") + 1);
  if ([name, local, label].some(text => text.startsWith(wanted))) return 0;
  if (` ${label}`.includes(` ${wanted}`)) return 2;
  if (name.includes(wanted) || label.includes(wanted)) return 3;
  return wanted.split(/\s+/).every(word => label.includes(word)) ? 4 : -1;
}

// Behind the prefixes that are there, else behind the comments at the top.
function declaration(prefix, namespace, text) {
  let here = 0, behind = 0;
  for (const line of text.split("\n")) {
    const next = Math.min(here + line.length + 1, text.length);
    if (PROLOGUE.test(line)) behind = next;
    else if (!NOTHING.test(line)) break;
    here = next;
  }
  const at = behind || (text.slice(0, here).trim() ? here : 0);
  const line = `PREFIX ${prefix}: <${namespace}>\n`;
  return {at, line: at && text[at - 1] !== "\n" ? `\n${line}` : line};
}

/** A text with a term in place of what is marked, and where the caret comes to stand. */
export function inserted(text, from, to, {text: term, prefix}) {
  const put = text.slice(0, from) + term + text.slice(to), caret = from + term.length;
  if (!prefix) return {text: put, caret};
  // A line that comes in at the caret or before it moves what follows.
  const at = prefix.at <= from ? prefix.at : Math.max(prefix.at + term.length - (to - from), caret);
  const moved = prefix.at <= from ? prefix.line.length : 0;
  return {text: put.slice(0, at) + prefix.line + put.slice(at), caret: caret + moved};
}
