// Values put into a query that somebody has changed: as terms, and only where a variable stands.
// In a query as it was shipped the server puts them, which knows more names.

import {NO_IRI, fold} from "./dom.js";

const TOKENS = [
  /#[^\n]*/, /<[^<>"{}|^`\\\s]*>/,
  /"""(?:[^"\\]|\\[^]|"(?!""))*"""/, /'''(?:[^'\\]|\\[^]|'(?!''))*'''/,
  /"(?:[^"\\\n]|\\.)*"/, /'(?:[^'\\\n]|\\.)*'/, /[?$]\w+/,
];
const TOKEN = new RegExp(TOKENS.map(token => token.source).join("|"), "g");
const XSD = "http://www.w3.org/2001/XMLSchema#";
const LITERALS = {
  string: value => JSON.stringify(value),
  integer: value => (/^[+-]?\d+$/.test(value) ? value : null),
  date: value => (/^\d{4}-\d\d-\d\d$/.test(value) ? `"${value}"^^<${XSD}date>` : null),
  boolean: value => (/^(?:true|false)$/.test(value) ? value : null),
};

/** Whether a text has one of the variables; comments and texts in it do not count. */
export const holds = (text, variables) =>
  [...text.matchAll(TOKEN)].some(([token]) => /^[?$]/.test(token) && variables.has(token.slice(1)));

/** The text with a term in place of each variable: `written` is variable to term. */
export const put = (text, written) => text.replace(TOKEN, token => (/^[?$]/.test(token) && written.get(token.slice(1))) || token);

/** A value as a term of a query; null where it is none of its kind. */
export function term(value, kind, terms) {
  if (kind !== "iri") return LITERALS[kind](value);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return NO_IRI.test(value) ? null : `<${value}>`;
  const wanted = fold(value);
  const fits = name => fold(name) === wanted;
  const found = terms.things.filter(({label, name}) => fits(label) || fits(name) || fits(name.slice(name.indexOf(":") + 1)));
  return found.length === 1 ? `<${found[0].iri}>` : null;
}
