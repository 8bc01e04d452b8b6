// The canvas: vis-network with given positions, bands behind, no physics.

// A canvas knows no variables: an element is given each colour and asked what came of it.
const probe = document.body.appendChild(document.createElement('i'));
probe.hidden = true;
const ink = {};
function readInk() {
  for (const name of ['band', 'band-text', 'box', 'box-line', 'text', 'page', 'chosen']) {
    probe.style.color = `var(--map-${name})`;
    ink[name] = getComputedStyle(probe).color;
  }
}

const WIDTH = 1.6, MORE = 1.3, MOST = 8;
const widthOf = count => WIDTH + MORE * (Math.min(count, MOST) - 1);
const SIGNS = {denied: 'not', open: '?', affirmed: ''};
const markOf = edge => [SIGNS[edge.standing], edge.claims.length > 1 ? edge.claims.length : '']
  .filter(String).join(' ');

const placeOf = (id, places) => places[id] || [things.get(id).x, things.get(id).y];

function nodeLook(id, places, faint, chosen) {
  const node = things.get(id);
  const [x, y] = placeOf(id, places);
  const unnamed = node.unnamed || isTopic(id);
  return {
    id, x, y, label: node.label, shape: 'box', fixed: true, opacity: faint ? 0.15 : 1,
    margin: 7, borderWidth: chosen ? 3 : 1,
    shapeProperties: {borderRadius: 5, borderDashes: unnamed ? [4, 3] : false},
    font: {size: 14, color: ink.text, face: 'system-ui, sans-serif'},
    color: {background: ink.box, border: chosen ? ink.chosen : ink['box-line'],
      highlight: {background: ink.box, border: ink.chosen}, hover: {background: ink.box, border: ink.chosen}},
  };
}

const HEADS = {affirmed: 'arrow', open: 'vee', denied: 'bar'};

function edgeLook(edge, places, faint, chosen) {
  const kind = kinds.get(edge.kind);
  const [ax, ay] = placeOf(edge.from, places), [bx, by] = placeOf(edge.to, places);
  const distance = Math.hypot(bx - ax, by - ay) || 1;
  const opacity = faint ? 0.06 : edge.standing === 'open' ? 0.55 : 0.95;
  return {
    id: edge.id, from: edge.from, to: edge.to,
    width: widthOf(edge.claims.length) + (chosen ? 2.5 : 0), selectionWidth: 2, hoverWidth: 1,
    color: {color: kind.colour, highlight: kind.colour, hover: kind.colour, opacity},
    dashes: kind.dash.length ? kind.dash : false,
    arrows: {to: {enabled: true, type: HEADS[edge.standing], scaleFactor: 0.65}},
    label: (!faint && markOf(edge)) || ' ',
    font: {size: 13, color: kind.colour, strokeWidth: 5, strokeColor: ink.page, face: 'system-ui, sans-serif'},
    selfReference: {size: Math.max(8, 40 + edge.bend), angle: -Math.PI / 4},
    smooth: edge.bend
      ? {enabled: true, type: edge.bend < 0 ? 'curvedCCW' : 'curvedCW', roundness: Math.min(0.9, Math.abs(edge.bend) * 2.4 / distance)}
      : false,
  };
}

let canvas = null;
const nodeSet = new vis.DataSet(), edgeSet = new vis.DataSet();
let bandsShown = [], extent = [-700, 700];

function drawBands(context) {
  const [left, right] = extent;
  context.save();
  for (const [label, top, bottom] of bandsShown) {
    context.fillStyle = ink.band;
    context.beginPath();
    context.roundRect(left, top, right - left, bottom - top, 8);
    context.fill();
    context.fillStyle = ink['band-text'];
    context.font = '600 15px system-ui, sans-serif';
    context.textBaseline = 'top';
    context.fillText(label, left + 12, top + 8);
  }
  context.restore();
}

function makeCanvas(holder) {
  canvas = new vis.Network(holder, {nodes: nodeSet, edges: edgeSet}, {
    physics: false, layout: {improvedLayout: false},
    // Boxes without words would be no picture, however small it is.
    nodes: {fixed: true, scaling: {label: {drawThreshold: 1}}}, edges: {scaling: {label: {drawThreshold: 1}}},
    interaction: {hover: true, dragNodes: false, keyboard: false, zoomSpeed: 0.6, multiselect: false},
  });
  canvas.on('beforeDrawing', drawBands);
  canvas.on('click', event => {
    if (event.nodes.length || event.edges.length) setTimeout(bringPanel);
    if (event.nodes.length) go({focus: event.nodes[0], edge: '', claim: '', q: '', list: '', from: '', to: ''});
    else if (event.edges.length) go({edge: edgeKey(edgeSet.get(event.edges[0]).own), claim: '', q: '', list: '', from: '', to: ''});
    else if (state.focus || state.edge || state.claim) go({focus: '', edge: '', claim: ''});
  });
  for (const [event, cursor] of [['hoverNode', 'pointer'], ['hoverEdge', 'pointer'], ['blurNode', ''], ['blurEdge', '']]) {
    canvas.on(event, () => holder.classList.toggle('over', Boolean(cursor)));
  }
}

// On a narrow screen the answer stands below the picture.
function bringPanel() {
  const beside = panel.getBoundingClientRect();
  if (beside.top > innerHeight * 0.7) panel.scrollIntoView({block: 'start'});
}

function replace(set, fresh) {
  const keep = new Set(fresh.map(item => item.id));
  set.remove(set.getIds().filter(id => !keep.has(id)));
  set.update(fresh);
}

// Band names stand left of the outermost box, within what is shown.
function frame(drawn, places) {
  const at = [...drawn.things].map(id => placeOf(id, places));
  const xs = at.map(([x]) => x), inside = ([, top, bottom]) => at.some(([, y]) => y > top && y < bottom);
  const bands = [...model.bands, ...(lenses.get(state.lens)?.bands || (state.topics ? model.topicBands : []))];
  bandsShown = bands.filter(inside);
  extent = xs.length ? [Math.min(...xs) - 200, Math.max(...xs) + 110] : [-400, 400];
}

const LEGIBLE = 0.42;

function fit(ids, busiest) {
  if (!canvas || !ids.length) return;
  if (ids.length === nodeSet.length) {
    // The bands are wider than the boxes.
    const tops = bandsShown.map(band => band[1]), bottoms = bandsShown.map(band => band[2]);
    const [left, right] = extent, top = Math.min(...tops), bottom = Math.max(...bottoms);
    const holder = document.getElementById('canvas');
    const whole = Math.min(holder.clientWidth / (right - left + 20), holder.clientHeight / (bottom - top + 20), 1.3);
    // On a narrow screen the whole could not be read: the busiest part first, the rest by moving.
    const narrow = whole < LEGIBLE;
    const [x, y] = narrow && busiest ? placeOf(busiest, places) : [(left + right) / 2, (top + bottom) / 2];
    canvas.moveTo({position: {x, y}, scale: narrow ? LEGIBLE * 1.2 : whole, animation: false});
  } else {
    canvas.fit({nodes: ids, animation: false, maxZoomLevel: 1.1});
  }
}
