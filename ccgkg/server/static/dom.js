// Building what is shown. Text only ever becomes text, and an address a link only if it is one.

/** An element: `el("a", {href}, "words", another)`; what is false, null or undefined is left out. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

export const by = id => document.getElementById(id);

// Case, accents and typography make no difference when one searches.
export const fold = text => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’ʼ]/g, "'")
  .replace(/[“”]/g, '"').replace(/[‐-―]/g, "-").toLowerCase();

const grouped = new Intl.NumberFormat("en-GB");
export const counted = (number, one, many = `${one}s`) => `${grouped.format(number)} ${number === 1 ? one : many}`;

/** Tell what happened to those who do not see it. */
export function say(words) {
  const said = by("_said");
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = words; });
}

/** The address of a page of this server, whatever path it is served below. */
export const address = (path, values = {}) => {
  const asked = new URLSearchParams(values).toString();
  return path + (asked && `?${asked}`);
};

/**
 * Where an IRI leads: below the corpus's base to this server, else outside; null if nowhere.
 * Only http and https lead anywhere: `javascript:` and `data:` are text.
 */
export function leads(iri, base) {
  // Behind "./", whatever follows is a path of this server, be it "//elsewhere" or "javascript:".
  if (base && iri.startsWith(base) && iri !== base) return {href: `./${iri.slice(base.length)}`, away: false};
  try {
    const {protocol} = new URL(iri);
    return protocol === "https:" || protocol === "http:" ? {href: iri, away: true} : null;
  } catch {
    return null;
  }
}

/** A sign that no IRI in a query may have. */
export const NO_IRI = /[\u0000- <>"{}|^`\\]/;

/** The short id of a claim by its IRI; empty if it is none. */
export function claimOf(iri, base) {
  const above = `${base}claim/`;
  const short = base && iri.startsWith(above) ? iri.slice(above.length) : "";
  return /^[\w-]+\/[\w-]+$/.test(short) ? short : "";
}
