'use strict';
// The network as the page was given it, and what of it a state lets through.

const read = id => JSON.parse(document.getElementById(id).textContent);
const model = whole(read('model'));
const things = new Map(model.nodes.map(node => [node.id, node]));
const kinds = new Map(model.kinds.map(kind => [kind.id, kind]));
const lenses = new Map(model.lenses.map(lens => [lens.name, {...lens, set: new Set(lens.claims)}]));
const claims = new Map(model.claims.map(claim => [claim.id, claim]));
const edges = model.edges;
const stories = model.story;

// Case, accents and typography make no difference when one searches.
const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[‘’ʼ]/g, "'")
  .replace(/[“”]/g, '"').replace(/[‐-―]/g, '-').toLowerCase();

// A large map names things, claims and kinds by their places, and leaves out what is usual.
function whole(given) {
  const of = list => id => (typeof id === 'number' ? list[id].id : id);
  const thing = of(given.nodes), claim = of(given.claims), kind = of(given.kinds);
  for (const [at, edge] of given.edges.entries()) {
    given.edges[at] = {own: '', bend: 0, standing: 'affirmed', ...edge, kind: kind(edge.kind),
      from: thing(edge.from), to: thing(edge.to), claims: edge.claims.map(claim)};
  }
  for (const lens of given.lenses) lens.claims = lens.claims.map(claim);
  for (const one of given.claims) {
    for (const ends of ['subjects', 'objects', 'voices']) one[ends] = one[ends].map(thing);
    one.source ??= one.id.split('/')[0];
  }
  return given;
}

const thingsOf = claim => [...claim.subjects, ...claim.objects];

const FACETS = {
  lever: claim => claim.levers,
  modality: claim => [claim.modality],
  source: claim => [claim.source],
  speaker: claim => claim.voices,
  year: claim => years(claim),
  tier: claim => thingsOf(claim).map(id => things.get(id)?.tier).filter(Boolean),
};

function years(claim) {
  const [first, last] = claim.years;
  if (!first && !last) return [];
  const found = [];
  for (let year = first || last; year <= (last || first); year++) found.push(String(year));
  return found;
}

const passes = (claim, state) => Object.entries(FACETS)
  .every(([facet, values]) => !state[facet] || values(claim).includes(state[facet]));

const isTopic = id => !['actor', ''].includes(things.get(id).type);

// The edges of a state: which, with which of their claims. Kinds and standings that the legend
// has switched off are counted for the legend all the same.
function shownEdges(state) {
  const lens = lenses.get(state.lens);
  const own = lens && lens.own ? lens.name : '';
  const passing = new Set();
  for (const claim of claims.values()) {
    if ((!lens || lens.set.has(claim.id)) && passes(claim, state)) passing.add(claim.id);
  }
  const filtered = Object.keys(FACETS).some(facet => state[facet]);
  const found = [];
  for (const edge of edges) {
    if (edge.own !== own) continue;
    if (!state.topics && (isTopic(edge.from) || isTopic(edge.to))) continue;
    const kept = edge.claims.filter(id => id ? passing.has(id) : !filtered);
    if (kept.length) found.push({...edge, claims: kept});
  }
  return {edges: found, claims: passing};
}

const isOn = (edge, state) => !state.off.has(edge.kind) && !state.off.has(edge.standing);

// “Not stated” is a different agent in each claim: nothing leads through it.
const through = id => !things.get(id).unnamed;

function within(focus, depth, list) {
  const found = new Set([focus]);
  for (let step = 0; step < depth; step++) {
    const before = new Set([...found].filter(id => id === focus || through(id)));
    for (const edge of list) {
      if (before.has(edge.from)) found.add(edge.to);
      if (before.has(edge.to)) found.add(edge.from);
    }
  }
  return found;
}

// What is drawn of it: the busiest things first, those around the focus before all others.
function capped(list, near) {
  const weight = new Map();
  for (const edge of list) {
    for (const end of [edge.from, edge.to]) {
      weight.set(end, (weight.get(end) || 0) + edge.claims.length + (near?.has(end) ? 1e6 : 0));
    }
  }
  const ranked = [...weight].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const chosen = new Set(ranked.slice(0, model.most.things).map(([id]) => id));
  const drawn = list.filter(edge => chosen.has(edge.from) && chosen.has(edge.to));
  const rank = edge => edge.claims.length + (near?.has(edge.from) && near.has(edge.to) ? 1e6 : 0);
  if (drawn.length > model.most.edges) drawn.sort((a, b) => rank(b) - rank(a));
  const kept = drawn.slice(0, model.most.edges);
  const ends = new Set(kept.flatMap(edge => [edge.from, edge.to]));
  if (near) for (const id of near) if (things.has(id) && things.get(id).x !== null) ends.add(id);
  return {edges: kept, things: ends, of: weight.size, busiest: ranked.length ? ranked[0][0] : ''};
}

// The shortest way from one thing to another, along the arrows if there is one, else any way.
function path(from, to, list) {
  const walk = any => {
    const came = new Map([[from, null]]);
    let front = [from];
    while (front.length && !came.has(to)) {
      const next = [];
      for (const here of front) {
        if (here !== from && !through(here)) continue;
        for (const edge of list) {
          for (const [a, b] of any ? [[edge.from, edge.to], [edge.to, edge.from]] : [[edge.from, edge.to]]) {
            if (a === here && !came.has(b)) { came.set(b, {edge, before: here}); next.push(b); }
          }
        }
      }
      front = next;
    }
    if (!came.has(to)) return null;
    const hops = [];
    for (let at = to; came.get(at); at = came.get(at).before) hops.unshift(came.get(at).edge);
    return hops;
  };
  return walk(false) || walk(true);
}

function searched(words) {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return {things: [], claims: []};
  const has = text => wanted.every(word => text.includes(word));
  const foundThings = [];
  for (const node of things.values()) {
    if (node.type === 'claim') continue;
    const names = [node.name, ...node.aliases];
    if (!has(fold(names.join(' ')))) continue;
    const by = names.find(name => has(fold(name)));
    foundThings.push({node, by: by && by !== node.name ? by : ''});
  }
  // A name that is what was asked for comes first, then one that begins so; “the” is no beginning.
  const bald = name => fold(name.trim()).replace(/^the /, '');
  const likeness = name => (bald(name) === bald(words) ? 0 : bald(name).startsWith(bald(words)) ? 1 : 2);
  const exact = found => Math.min(...[found.node.name, ...found.node.aliases].map(likeness));
  const topic = found => (isTopic(found.node.id) ? 1 : 0);
  foundThings.sort((a, b) => exact(a) - exact(b) || topic(a) - topic(b)
    || b.node.mentions - a.node.mentions);
  const foundClaims = [...claims.values()]
    .filter(claim => has(claim.folded ??= fold(`${claim.label} ${claim.quote || ''}`)));
  return {things: foundThings, claims: foundClaims};
}

const edgeKey = edge => [edge.from, edge.to, edge.kind, edge.standing].join('>');
