// The page as a whole: one state, drawn again whenever it changes.

let state = fromAddress();
let last = null;

const say = message => { document.getElementById('said').textContent = message; };

function go(change) {
  const next = {...state, ...change};
  if ('lens' in change && change.lens !== state.lens && !('topics' in change)) {
    next.topics = hasTopics(change.lens);
  }
  const address = toAddress(next);
  if (address !== toAddress(state)) history.pushState(null, '', address);
  state = next;
  show();
}

const facetLabels = facet => value => (facet === 'source' ? model.sources[value] || value
  : facet === 'tier' ? model.tiers[value] || value : facet === 'speaker' ? things.get(value)?.name || value : value);

function fillFilters() {
  const values = Object.fromEntries(Object.keys(FACETS).map(facet => [facet, new Map()]));
  for (const claim of claims.values()) {
    for (const [facet, of] of Object.entries(FACETS)) {
      for (const value of new Set(of(claim))) values[facet].set(value, (values[facet].get(value) || 0) + 1);
    }
  }
  for (const [facet, counts] of Object.entries(values)) {
    const select = document.getElementById(`filter-${facet}`), label = facetLabels(facet);
    const sorted = [...counts].sort((a, b) => (label(a[0]) < label(b[0]) ? -1 : 1));
    select.replaceChildren(make('option', {value: ''}, 'all'),
      ...sorted.map(([value, number]) => make('option', {value}, `${label(value)} (${number})`)));
    select.addEventListener('change', () => go({[facet]: select.value}));
  }
}

// One kind alone, as whoever presses it expects; then others beside it; all again when none is left.
function alone(key, numbers) {
  const family = [...numbers.keys()].filter(other => kinds.has(other) === kinds.has(key));
  const off = new Set(state.off);
  if (!family.some(other => off.has(other))) {
    for (const other of family) if (other !== key) off.add(other);
  } else if (!off.delete(key)) off.add(key);
  if (family.every(other => off.has(other))) for (const other of family) off.delete(other);
  return off;
}

function fillLegend(shown) {
  const numbers = new Map();
  for (const edge of shown.edges) {
    for (const key of [edge.kind, edge.standing]) {
      if (!numbers.has(key)) numbers.set(key, new Set());
      const other = key === edge.kind ? edge.standing : edge.kind;
      if (!state.off.has(other)) edge.claims.forEach((id, at) => numbers.get(key).add(id || `${edge.id}:${at}`));
    }
  }
  const chip = (key, label, picture) => make('button', {type: 'button', class: 'chip', 'data-key': key,
    'aria-pressed': String(!state.off.has(key)), on: () => go({off: alone(key, numbers)})}, picture, make('span', {}, `${label} `), make('span', {class: 'number'}, String(numbers.get(key).size)));
  const legend = document.getElementById('legend');
  const focused = legend.contains(document.activeElement) ? document.activeElement.dataset.key : '';
  const present = [...kinds.values()].filter(kind => numbers.has(kind.id))
    .sort((a, b) => b.lever - a.lever || (a.label < b.label ? -1 : 1));
  legend.replaceChildren(
    ...present.map(kind => chip(kind.id, kind.label, swatch(kind))),
    ...Object.entries(model.standings).filter(([key]) => numbers.has(key))
      .map(([key, label]) => chip(key, label, swatch(null, key))));
  if (focused) legend.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function fillControls(shown, drawn) {
  const lens = lenses.get(state.lens);
  document.getElementById('lens').value = state.lens;
  document.getElementById('says').textContent = lens ? lens.says : model.says;
  document.getElementById('topics').checked = state.topics;
  document.getElementById('search').value = state.q;
  let chosen = 0;
  for (const facet of Object.keys(FACETS)) {
    const select = document.getElementById(`filter-${facet}`);
    select.value = state[facet];
    chosen += Boolean(state[facet]);
  }
  document.getElementById('filters-count').textContent = chosen ? ` (${chosen} on)` : '';
  const drawnThings = state.topics ? 'actors and topics' : 'actors';
  const all = drawn.of > drawn.things.size
    ? `${drawn.things.size} of ${drawn.of} ${drawnThings} are drawn, the busiest; search, filters and focus reach the others.`
    : `${count(drawn.things.size, 'actor')} and ${count(drawn.edges.length, 'line')}`.replace('actors', drawnThings);
  const tied = new Set(drawn.edges.flatMap(edge => edge.claims));
  document.getElementById('shown').textContent = `${all}${drawn.of > drawn.things.size ? '' : `, from ${tied.size} of ${count(claims.size, 'claim')}.`}`;
  const plain = document.getElementById('view');
  plain.textContent = state.view === 'picture' ? 'As a map' : 'As a picture';
}

let places = {};

function show() {
  const shown = shownEdges(state);
  const on = shown.edges.filter(edge => isOn(edge, state));
  const hops = hopsOf(shown);
  const chosenEdge = state.edge || '';
  const depth = Math.min(3, Math.max(1, Number(state.depth) || 1));
  const claim = claims.get(state.claim);
  const claimEdges = claim && !state.focus ? on.filter(edge => edge.claims.includes(claim.id)) : [];
  const near = hops ? new Set(hops.flatMap(edge => [edge.from, edge.to]))
    : state.focus ? within(state.focus, depth, on)
      : chosenEdge ? new Set(chosenEdge.split('>').slice(0, 2))
        : claimEdges.length ? new Set(claimEdges.flatMap(edge => [edge.from, edge.to])) : null;
  const drawn = capped(on, near);
  places = lenses.get(state.lens)?.places || (state.topics ? model.topicPlaces : {});
  const faintEdge = edge => Boolean(near) && !(hops ? hops.some(hop => hop.id === edge.id)
    : chosenEdge ? edgeKey(edge) === chosenEdge
      : claimEdges.length ? claimEdges.some(one => one.id === edge.id)
        : near.has(edge.from) && near.has(edge.to) && (depth > 1 || edge.from === state.focus || edge.to === state.focus));
  readInk();
  drawn.edges = drawn.edges.filter(edge => placeOf(edge.from, places)[0] !== null && placeOf(edge.to, places)[0] !== null);
  drawn.things = new Set([...drawn.things].filter(id => placeOf(id, places)[0] !== null));
  frame(drawn, places);
  if (state.view === 'map') {
    replace(nodeSet, [...drawn.things].map(id => nodeLook(id, places, near && !near.has(id), id === state.focus)));
    replace(edgeSet, drawn.edges.map(edge => ({...edgeLook(edge, places, faintEdge(edge), edgeKey(edge) === chosenEdge), own: edge})));
    if (!canvas) makeCanvas(document.getElementById('canvas'));
  }
  const picture = document.getElementById('picture');
  document.body.classList.toggle('as-picture', state.view === 'picture');
  picture.innerHTML = state.view === 'picture' ? toSvg(drawn, places) : '';
  const view = [state.lens, state.topics, [...state.off].join(), ...Object.keys(FACETS).map(facet => state[facet]), state.view].join('|');
  if (canvas && view !== last) fit([...drawn.things], drawn.busiest);
  else if (canvas && near && drawn.of > drawn.things.size) fit([...near].filter(id => nodeSet.get(id)));
  last = view;
  fillLegend(shown);
  fillControls(shown, drawn);
  latest = {shown, drawn};
  if (document.readyState !== 'loading') fillSides();
}

let latest = null;

function fillSides() {
  const before = panel.dataset.address;
  fillStory();
  fillPanel(latest.shown, latest.drawn);
  panel.dataset.address = toAddress(state);
  if (before !== undefined && before !== panel.dataset.address) {
    panel.scrollTop = 0;
    say(panel.querySelector('h2')?.textContent || '');
  }
}

function listen() {
  const search = document.getElementById('search');
  let typed = 0;
  const find = () => {
    clearTimeout(typed);
    state = {...state, q: search.value.trim()};
    history.replaceState(null, '', toAddress(state));
    fillSides();
  };
  search.addEventListener('input', () => {
    clearTimeout(typed);
    typed = setTimeout(find, 120);
  });
  search.form.addEventListener('submit', event => {
    event.preventDefault();
    find();  // whoever types fast means what stands there, not what was found before
    if (!state.q) return;
    panel.querySelector('.thing-link, .claim-link')?.click();
    panel.focus();
  });
  document.getElementById('lens').addEventListener('change', event => go({...startOf(''), lens: event.target.value, topics: hasTopics(event.target.value)}));
  document.getElementById('topics').addEventListener('change', event => go({topics: event.target.checked}));
  document.getElementById('reset').addEventListener('click', () => { go(startOf('')); last = null; show(); });
  document.getElementById('path').addEventListener('click', () => go({list: 'path', q: '', claim: '', edge: '', from: state.focus, to: ''}));
  document.getElementById('tell')?.addEventListener('click', () => go(startOf(stories[0].id)));
  document.getElementById('view').addEventListener('click', () => go({view: state.view === 'picture' ? 'map' : 'picture'}));
  document.getElementById('save-svg').addEventListener('click', () => save('network.svg', 'image/svg+xml', toSvg(latest.drawn, places)));
  document.getElementById('save-csv').addEventListener('click', () => save('network.csv', 'text/csv;charset=utf-8', toCsv(latest.drawn)));
  document.getElementById('print').addEventListener('click', () => window.print());
  window.addEventListener('hashchange', () => { state = fromAddress(); show(); });
  window.addEventListener('popstate', () => { state = fromAddress(); show(); });
  window.addEventListener('beforeprint', () => { document.getElementById('picture').innerHTML = toSvg(latest.drawn, places); });
  window.addEventListener('afterprint', show);
  document.addEventListener('keydown', event => {
    const typing = /^(input|select|textarea)$/i.test(event.target.tagName);
    if (event.key === '/' && !typing) { event.preventDefault(); search.focus(); }
    if (event.key === 'Escape') {
      if (state.q || state.claim || state.edge || state.focus || state.list || state.from) {
        go({q: '', claim: '', edge: '', focus: '', list: '', from: '', to: ''});
        if (typing) search.blur();
      }
    }
  });
  new ResizeObserver(() => { if (canvas) { last = null; canvas.redraw(); fit(nodeSet.getIds(), latest?.drawn.busiest); } })
    .observe(document.getElementById('canvas'));
  new MutationObserver(show).observe(document.documentElement, {attributes: true, attributeFilter: ['data-theme']});
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
}

fillFilters();
listen();
show();
document.addEventListener('DOMContentLoaded', fillSides);
