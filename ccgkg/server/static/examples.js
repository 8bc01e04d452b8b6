// The shipped queries: found by words and tags, loaded by a click, their parameters asked for.

import {address, by, counted, el, fold, say} from "./dom.js";
import {fetched} from "./ask.js";
import {holds, put, term} from "./binding.js";

const HEADER = /^#\+.*(?:\n|$)/gm;
const body = text => text.replace(HEADER, "").replace(/^\s*\n/, "");

/** Fill the list; `load(text, example)` puts one into the editor. Each text as shipped, and its question. */
export async function examples(load) {
  let all = [];
  try {
    all = await (await fetched("examples.json")).json();
  } catch { /* a dataset without a corpus has none */ }
  by("_examples").hidden = !all.length;
  if (!all.length) return [];
  const tags = [...new Set(all.flatMap(one => one.tags))].sort();
  by("_tag").append(...tags.map(tag => el("option", {value: tag}, tag)));
  const lines = all.map(one => {
    const button = el("button", {type: "button", on: {click: () => load(body(one.text), one)}}, one.summary);
    const line = el("li", {}, button, el("span", {class: "small"}, [one.name, ...one.tags].join(" · ")));
    return {line, tags: one.tags, text: fold([one.name, one.summary, one.description, ...one.tags].join(" "))};
  });
  by("_list").append(...lines.map(({line}) => line));
  const sift = () => {
    const words = fold(by("_words").value).split(/\s+/).filter(Boolean), tag = by("_tag").value;
    let found = 0;
    for (const {line, text, tags: own} of lines) {
      line.hidden = !(words.every(word => text.includes(word)) && (!tag || own.includes(tag)));
      if (!line.hidden) found += 1;
    }
    by("_found").textContent = found === all.length ? counted(found, "question") : `${found} of ${counted(all.length, "question")}`;
  };
  by("_words").addEventListener("input", sift);
  by("_tag").addEventListener("change", sift);
  sift();
  return all.map(one => [body(one.text), one.summary]);
}

/**
 * Fields for the parameters of the query that was loaded.
 *
 * `isNew` says that a value was changed later than the text; `changed()` is told of each change.
 */
export class Values {
  constructor(terms, changed) {
    Object.assign(this, {terms, changed});
    this.example = null;
    this.isNew = false;
    this.fields = new Map();
  }

  /** Show the fields of an example; none for null. */
  show(example) {
    this.example = example;
    this.isNew = false;
    this.fields.clear();
    const kinds = Object.entries(example?.parameters || {});
    by("_about").hidden = !example;
    by("_about").textContent = example?.description || "";
    by("_values").hidden = !kinds.length;
    by("_wrong").textContent = "";
    by("_fields").replaceChildren(...kinds.map(([name, kind]) => this.field(name, kind)));
    if (example) say(`Loaded: ${example.summary}`);
  }

  /** Go to the first field; false where there is none. */
  focus() {
    const [first] = this.fields.values();
    first?.focus();
    return Boolean(first);
  }

  /** Whether a text still has a variable that waits for a value. */
  isOpen(text) { return holds(text, this.kinds); }

  /** Variable to the name and kind of its parameter. */
  get kinds() {
    const told = Object.entries(this.example?.parameters || {});
    return new Map(told.map(([name, kind]) => [`_${name}_${kind}`, {name, kind}]));
  }

  /**
   * A query with the values bound: as it was shipped by the server, which knows names, keys and
   * types, else here.
   *
   * @param own the text, if it is not as it was shipped
   * @returns null where a value is missing or wrong: its field is told why and has the focus
   */
  async bound(own, signal) {
    const values = {};
    for (const [name, input] of this.fields) {
      const value = input.value.trim();
      if (value) values[name] = value;
      else if (own || !(name in (this.example.defaults || {}))) return this.wants(name, `${name} needs a value.`);
    }
    by("_wrong").textContent = "";
    return own ? this.put(own, values) : this.asked(values, signal);
  }

  put(text, values) {
    const written = new Map();
    for (const [variable, {name, kind}] of this.kinds) {
      const value = values[name], told = term(value, kind, this.terms);
      if (told === null) {
        return this.wants(name, kind === "iri"
          ? `“${value}” is the name of nothing, or of several things: take one from the list, or give its address.`
          : `“${value}” is no ${kind}.`);
      }
      written.set(variable, told);
    }
    return put(text, written);
  }

  async asked(values, signal) {
    try {
      const path = `examples/${encodeURIComponent(this.example.name)}.rq`;
      return body(await (await fetched(address(path, values), {signal, headers: {Accept: "text/plain, application/problem+json"}})).text());
    } catch (problem) {
      if (problem.name === "AbortError") throw problem;
      const [first] = this.fields.keys();
      const named = [...this.fields.keys()].find(name => problem.message.includes(`\`${name}\``));
      return this.wants(named || first, [problem.message, problem.hint].filter(Boolean).join("\n"));
    }
  }

  wants(name, words) {
    by("_wrong").textContent = words;
    this.fields.get(name).setAttribute("aria-invalid", "true");
    this.fields.get(name).focus();
    return null;
  }

  field(name, kind) {
    const id = `_value-${name}`, standard = this.example.defaults?.[name] ?? "";
    const input = kind === "boolean"
      ? el("select", {id}, el("option", {}, "true"), el("option", {}, "false"))
      : el("input", {id, type: {integer: "number", date: "date"}[kind] || "text", autocomplete: "off", spellcheck: "false", "aria-describedby": "_wrong"});
    if (kind === "integer") input.step = "1";
    if (standard !== "") input.value = standard;
    this.fields.set(name, input);
    input.addEventListener("input", () => {
      this.isNew = true;
      input.removeAttribute("aria-invalid");
      by("_wrong").textContent = "";
      this.changed();
    });
    const told = {iri: "a thing: name, key or address", integer: "a number", string: "text"}[kind] || `a ${kind}`;
    return el("p", {}, el("label", {for: id}, name.replaceAll("_", " "), " ", el("span", {class: "small"}, told)), input,
      kind === "iri" && this.suggestions(input, `${id}-names`));
  }

  // A list of thousands would be slow: it holds what fits the words so far.
  suggestions(input, id) {
    const list = el("datalist", {id});
    const fill = () => list.replaceChildren(...this.terms.search(input.value, 40, this.terms.things)
      .map(term => el("option", {value: term.label}, term.name || term.iri)));
    input.setAttribute("list", id);
    input.addEventListener("input", fill);
    fill();
    return list;
  }
}
