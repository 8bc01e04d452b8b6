// Asking the endpoint, and what it may answer.

import {address, counted} from "./dom.js";

// Where the server speaks of its commands, this page has a list of its own.
const inPage = words => words.replace(/ more: ccgkg terms .*/g, " more")
  .replace(/(?:All names|All of them|Look it up): ccgkg .*/g, "“Insert a term” lists all names.");
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.1";

/** The formats in which a kind of answer can be kept: name, ending of a file, what it is for. */
export const FORMATS = {
  rows: [
    ["csv", "csv", "CSV, for spreadsheets"], ["tsv", "tsv", "TSV, with each term as SPARQL writes it"],
    ["json", "srj", "JSON, SPARQL results"], ["xml", "srx", "XML, SPARQL results"],
  ],
  answer: [["json", "srj", "JSON, SPARQL results"], ["xml", "srx", "XML, SPARQL results"]],
  triples: [
    ["turtle", "ttl", "Turtle"], ["ntriples", "nt", "N-Triples"], ["jsonld", "jsonld", "JSON-LD"],
    ["rdfxml", "rdf", "RDF/XML"], ["trig", "trig", "TriG"], ["nquads", "nq", "N-Quads"],
  ],
};

/** Why there is no answer; with the place in the query where the server knows it. */
export class Refused extends Error {
  constructor(message, {status = 0, line, column, hint = "", title = ""} = {}) {
    super(inPage(message));
    Object.assign(this, {status, line, column, title, hint: inPage(hint)});
  }
}

/** Fetch, and make of every answer that is none a `Refused`. */
export async function fetched(where, options = {}) {
  let response;
  try {
    response = await fetch(where, options);
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw new Refused("The server does not answer.", {hint: "Is it still running?"});
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  const {status} = response, text = await response.text();
  const again = Number(response.headers.get("Retry-After"));
  const later = again ? `Try again in ${counted(again, "second")}.` : "";
  if (/json/.test(response.headers.get("Content-Type") || "")) {
    try {
      const told = JSON.parse(text);
      const hint = [told.hint, later].filter(Boolean).join(" ");
      return new Refused(told.detail || told.title || `Status ${status}`, {...told, status, hint});
    } catch { /* then it is told as it is */ }
  }
  return new Refused(text.trim() || `Status ${status}`, {status, hint: later});
}

/** What may be a slip in a query that was answered: sentences; none where the server tells none. */
export async function slips(query) {
  try {
    return (await (await fetched(address("slips.json", {query}))).json()).map(inPage);
  } catch {
    return [];
  }
}

/**
 * Ask a query.
 *
 * @returns `{kind: "rows", columns, rows}`, `{kind: "answer", yes}` or `{kind: "triples", text}`,
 *   each with `seconds` and `lacking`, the graphs asked for that the dataset lacks
 */
export const ask = (query, signal) => answered("sparql", query, signal);

/**
 * Ask a query, and on which claims each row rests; what gives no rows is answered as ever.
 *
 * @returns as `ask`; rows with `evidence`: `{claims, untraced}`, the IRIs of claims row by row, and the
 *   parts of the query that are not traced
 */
export async function askEvidence(query, signal) {
  try {
    return await answered("evidence.json", query, signal);
  } catch (problem) {
    if (problem.status !== 400 || problem.line) throw problem;
    const found = await ask(query, signal);
    if (found.kind === "rows") throw problem;
    return found;
  }
}

async function answered(where, query, signal) {
  const begun = performance.now();
  const headers = {"Content-Type": "application/sparql-query", Accept: ACCEPT};
  const response = await fetched(where, {method: "POST", headers, body: query, signal});
  const isTable = /json/.test(response.headers.get("Content-Type") || "");
  const told = isTable ? await response.json() : await response.text();
  const common = {
    seconds: (performance.now() - begun) / 1000,
    lacking: response.headers.get("Ccgkg-Empty-Graphs") || "",
  };
  if (!isTable) return {kind: "triples", text: told, ...common};
  if ("boolean" in told) return {kind: "answer", yes: told.boolean, ...common};
  return {kind: "rows", columns: told.head.vars, rows: told.results.bindings, evidence: told.evidence, ...common};
}
