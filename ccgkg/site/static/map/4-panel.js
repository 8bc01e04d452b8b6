// The panel beside the map: what was asked for, with its evidence.

const panel = document.getElementById('panel');

// All text goes in as text; a card comes from the page, where it was escaped when written.
function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === 'on') made.addEventListener('click', value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return made;
}

const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
const nameOf = id => things.get(id).name;
const button = (label, change, given = {}) => make('button', {type: 'button', ...given, on: () => go(change)}, label);

function swatch(kind, standing = 'affirmed') {
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  drawn.setAttribute('class', 'swatch');
  drawn.setAttribute('viewBox', '0 0 30 10');
  drawn.setAttribute('aria-hidden', 'true');
  const part = (name, given) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
    drawn.append(made);
  };
  const stroke = {fill: 'none', stroke: kind ? kind.colour : 'currentColor', 'stroke-width': 3};
  part('path', {d: 'M1 5 H26', ...stroke, 'stroke-dasharray': kind ? kind.dash.join(' ') : '',
    opacity: standing === 'open' ? 0.55 : 1});
  if (standing === 'denied') part('path', {d: 'M26 0 V10', ...stroke});
  else part('path', {d: 'M22 1 L28 5 L22 9', ...stroke, 'stroke-width': 1.8,
    fill: standing === 'open' ? 'none' : stroke.stroke});
  return drawn;
}

// -- cards: from the page itself, or from the shard that holds them

const shards = new Map();
window.ccgkgCards = (shard, cards) => { shards.get(shard).cards = cards; };

function withCards(ids, then) {
  const missing = [...new Set(ids.filter(id => !document.getElementById(`card:${id}`))
    .map(id => claims.get(id)?.shard).filter(shard => shard !== undefined))];
  let waiting = missing.length;
  if (!waiting) return then();
  for (const shard of missing) {
    const done = () => { if (--waiting === 0) then(); };
    if (shards.has(shard)) { shards.get(shard).cards ? done() : shards.get(shard).waiting.push(done); continue; }
    shards.set(shard, {waiting: [done]});
    const script = make('script', {src: `cards/${shard}.js`});
    script.addEventListener('load', () => shards.get(shard).waiting.forEach(call => call()));
    script.addEventListener('error', () => {
      say('The evidence could not be loaded: a file of this site is missing.');
    });
    document.head.append(script);
  }
}

function card(id) {
  const inPage = document.getElementById(`card:${id}`);
  if (inPage) return inPage.content.cloneNode(true);
  const text = shards.get(claims.get(id)?.shard)?.cards?.[id];
  const held = document.createElement('template');
  if (text) held.innerHTML = text;
  return held.content;
}

const AT_ONCE = 25;

function cards(ids) {
  const holder = make('div', {class: 'cards'});
  const more = () => {
    const next = ids.slice(holder.querySelectorAll('.held').length).slice(0, AT_ONCE);
    withCards(next, () => {
      for (const id of next) holder.append(make('div', {class: 'held', 'data-claim': id}, card(id)));
      const left = ids.length - holder.querySelectorAll('.held').length;
      if (left > 0) {
        holder.append(make('button', {type: 'button', class: 'more',
          on: event => { event.target.remove(); more(); }}, `Show ${Math.min(left, AT_ONCE)} more of ${left}`));
      }
    });
  };
  more();
  return holder;
}

const claimButton = id => make('li', {},
  button(claims.get(id).label, {claim: id, q: '', list: ''}, {class: 'claim-link', 'data-claim': id}));

// -- what the panel shows

// A long list opens at its beginning; the rest comes when asked for.
function rows(items, row, most = 15) {
  const list = make('ul', {class: 'rows'}, ...items.slice(0, most).map(row));
  if (items.length > most) {
    list.append(make('li', {}, make('button', {type: 'button', class: 'more', on: event => {
      event.target.parentNode.replaceWith(...items.slice(most).map(row));
      list.children[most].querySelector('button')?.focus();
    }}, `Show all ${items.length}`)));
  }
  return list;
}

function edgeRow(edge) {
  const kind = kinds.get(edge.kind);
  const standing = edge.standing === 'affirmed' ? '' : ` (${model.standings[edge.standing]})`;
  return make('li', {}, make('button', {type: 'button', class: 'edge-link', 'data-edge': edgeKey(edge),
    on: () => go({edge: edgeKey(edge), claim: '', q: '', list: ''})},
  swatch(kind, edge.standing),
  make('span', {}, `${nameOf(edge.from)} → ${nameOf(edge.to)}`),
  make('span', {class: 'quiet'}, ` ${kind.label}${standing}, ${count(edge.claims.length, 'claim')}`)));
}

function startPanel(shown, drawn) {
  const lens = lenses.get(state.lens);
  const on = shown.edges.filter(edge => isOn(edge, state));
  const tied = new Set(on.flatMap(edge => edge.claims));
  const rest = [...shown.claims].filter(id => !tied.has(id));
  const unnamed = edge => Number(Boolean(things.get(edge.from).unnamed || things.get(edge.to).unnamed));
  const sorted = [...drawn.edges].sort((a, b) => unnamed(a) - unnamed(b) || b.claims.length - a.claims.length
    || (edgeKey(a) < edgeKey(b) ? -1 : 1));
  const parts = [make('h2', {}, lens ? lens.title : model.title)];
  if (!shown.claims.size) parts.push(make('p', {}, 'No claim passes these filters. ', button('Clear all filters', cleared())));
  if (sorted.length) {
    parts.push(make('h3', {}, 'Lines on the map, the most claimed first'), rows(sorted, edgeRow));
  }
  if (rest.length) {
    parts.push(make('details', {}, make('summary', {}, `${count(rest.length, 'claim')} not drawn as a line`),
      make('p', {class: 'quiet'}, state.topics
        ? 'They have no second end that is an actor, a topic or a work, or their line is switched off.'
        : 'They join an actor to a topic, or topics to one another, or their line is switched off. Tick “Topics too” to draw more of them.'),
      rows(rest, claimButton)));
  }
  return parts;
}

function edgePanel(shown) {
  const edge = shown.edges.find(one => edgeKey(one) === state.edge)
    || edges.find(one => edgeKey(one) === state.edge);
  if (!edge) return [make('h2', {}, 'This line is not here'), make('p', {}, 'The address names a line that the dataset does not have (any more).')];
  const kind = kinds.get(edge.kind);
  const other = shown.edges.filter(one => edgeKey(one) !== state.edge
    && [one.from, one.to].includes(edge.from) && [one.from, one.to].includes(edge.to));
  const ids = edge.claims.filter(Boolean);
  return [
    make('h2', {}, `${nameOf(edge.from)} → ${nameOf(edge.to)}`),
    make('p', {class: 'lede'}, swatch(kind, edge.standing), ` ${kind.label}: ${model.standings[edge.standing]}, in ${count(ids.length, 'claim')}.`),
    ids.length ? cards(ids) : make('p', {}, 'The query gave this line without a claim, so it has no quote.'),
    other.length ? make('h3', {}, 'Other lines between the two') : null,
    other.length ? rows(other, edgeRow) : null,
  ].filter(Boolean);
}

function thingPanel(shown) {
  const node = things.get(state.focus);
  const lines = shown.edges.filter(edge => isOn(edge, state));
  const out = lines.filter(edge => edge.from === node.id), into = lines.filter(edge => edge.to === node.id);
  const about = [...claims.values()].filter(claim => shown.claims.has(claim.id) && thingsOf(claim).includes(node.id));
  const drawn = new Set([...out, ...into].flatMap(edge => edge.claims));
  const rest = about.map(claim => claim.id).filter(id => !drawn.has(id));
  const says = [...claims.values()].filter(claim => shown.claims.has(claim.id) && claim.voices.includes(node.id)
    && !thingsOf(claim).includes(node.id)).map(claim => claim.id);
  const parts = [make('h2', {}, node.name)];
  if (node.aliases.length) parts.push(make('p', {class: 'quiet'}, `also: ${node.aliases.join('; ')}`));
  const steps = make('div', {class: 'steps', role: 'group', 'aria-label': 'Depth of the focus'}, 'Show up to ');
  for (const depth of ['1', '2', '3']) {
    steps.append(button(depth, {depth}, {'aria-pressed': String(state.depth === depth)}));
  }
  steps.append(state.depth === '1' ? ' step away' : ' steps away');
  parts.push(steps);
  if (node.href) parts.push(make('p', {}, make('a', {href: node.href}, 'All about it, on a page of its own')));
  const list = (heading, items, row) => {
    if (items.length) parts.push(make('h3', {}, `${heading} (${items.length})`), rows(items, row));
  };
  list('From it', out, edgeRow);
  list('Towards it', into, edgeRow);
  list('Claims on it without a line here', rest, claimButton);
  list('Said or told by it, of others', says, claimButton);
  if (!about.length && !says.length) parts.push(make('p', {}, 'No claim that passes the filters is about it. ', button('Clear all filters', {...cleared(), focus: node.id})));
  return parts;
}

function claimPanel() {
  if (!claims.has(state.claim)) return [make('h2', {}, 'This claim is not here'), make('p', {}, `There is no claim “${state.claim}” in this network.`)];
  return [make('h2', {}, 'One claim'), cards([state.claim])];
}

function searchPanel() {
  const found = searched(state.q);
  const parts = [make('h2', {}, `Found for “${state.q}”`)];
  const heads = found.things.map(({node, by}) => make('li', {},
    make('button', {type: 'button', class: 'thing-link', 'data-thing': node.id,
      on: () => go({focus: node.id, q: '', claim: '', edge: '', list: '', topics: state.topics || isTopic(node.id)})},
    make('span', {}, node.name), make('span', {class: 'quiet'}, by ? ` “${by}”, ${node.type}` : ` ${node.type}`))));
  if (heads.length) parts.push(make('h3', {}, `Actors and topics (${heads.length})`), rows(heads, head => head));
  if (found.claims.length) {
    parts.push(make('h3', {}, `Claims (${found.claims.length})`),
      rows(found.claims, claim => claimButton(claim.id)));
  }
  if (parts.length === 1) parts.push(make('p', {}, 'Nothing has these words. Try fewer, or the beginning of a word.'));
  return parts;
}

function pathPanel(shown) {
  const names = [...things.values()].filter(node => !isTopic(node.id)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const choose = (label, name) => {
    const select = make('select', {name}, make('option', {value: ''}, 'choose …'),
      ...names.map(node => make('option', {value: node.id}, node.name)));
    select.value = state[name];
    select.addEventListener('change', () => go({[name]: select.value}));
    return make('label', {}, label, select);
  };
  const parts = [make('h2', {}, 'A path between two'), make('div', {class: 'choose'}, choose('From', 'from'), choose('To', 'to'))];
  const hops = hopsOf(shown);
  if (!state.from || !state.to) parts.push(make('p', {class: 'quiet'}, 'Choose two actors; each step between them comes with its quote.'));
  else if (!hops) parts.push(make('p', {}, 'No lines that are shown lead from the one to the other.'));
  else {
    let at = state.from;
    for (const edge of hops) {
      const against = edge.from !== at;
      at = against ? edge.from : edge.to;
      parts.push(make('h3', {}, `${nameOf(edge.from)} → ${nameOf(edge.to)}${against ? ' (walked against the arrow)' : ''}`), cards(edge.claims.filter(Boolean)));
    }
  }
  return parts;
}

const hopsOf = shown => (things.has(state.from) && things.has(state.to) && state.from !== state.to
  ? path(state.from, state.to, shown.edges.filter(edge => isOn(edge, state))) : null);

const cleared = () => ({...Object.fromEntries(Object.keys(FACETS).map(facet => [facet, ''])), off: new Set()});

function fillPanel(shown, drawn) {
  const parts = state.q ? searchPanel() : state.list === 'path' || state.from ? pathPanel(shown)
    : state.claim ? claimPanel() : state.edge ? edgePanel(shown)
      : state.focus ? thingPanel(shown) : startPanel(shown, drawn);
  if (state.q || state.claim || state.edge || state.focus || state.list || state.from) {
    parts.unshift(make('p', {class: 'back'}, button('← Overview', {q: '', claim: '', edge: '', focus: '', list: '', from: '', to: ''})));
  }
  panel.replaceChildren(...parts);
}

function fillStory() {
  const bar = document.getElementById('story');
  const at = stories.findIndex(step => step.id === state.story);
  bar.hidden = at < 0;
  if (at < 0) return;
  const step = stories[at];
  const caption = make('p', {});
  for (const sentence of step.caption) {
    caption.append(`${sentence.says} `);
    sentence.claims.forEach((id, number) => caption.append(
      button(`[${number + 1}]`, {claim: id, q: '', edge: '', list: ''}, {class: 'note', 'aria-label': `Evidence ${number + 1}: ${claims.get(id)?.label || id}`}), ' '));
  }
  bar.replaceChildren(
    make('p', {class: 'quiet'}, `Story, ${at + 1} of ${stories.length}`), make('h2', {}, step.title), caption,
    make('p', {class: 'steps'},
      at > 0 ? button('← Back', startOf(stories[at - 1].id)) : null,
      at + 1 < stories.length ? button('Next →', startOf(stories[at + 1].id), {class: 'next'}) : null,
      button('Leave the story', {story: '', focus: '', claim: '', edge: ''})));
}
