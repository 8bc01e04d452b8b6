// What is shown, as files: a picture (SVG) with legend and source line, and a table (CSV).

// What no XML may hold, not even escaped, is left out.
const escaped = text => String(text).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
  .replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);

function boxOf(id, places) {
  const [x, y] = placeOf(id, places), lines = things.get(id).label.split('\n');
  return {x, y, lines, w: Math.max(...lines.map(line => line.length)) * 4.2 + 9, h: lines.length * 9 + 6};
}

function border(box, [tx, ty]) {
  const dx = tx - box.x, dy = ty - box.y;
  const reach = Math.max(Math.abs(dx) / box.w, Math.abs(dy) / box.h, 1e-9);
  return [box.x + dx / reach, box.y + dy / reach];
}

// Start, control and end point of a line, from border to border; one back to its own box is a loop.
function curveOf(edge, a, b) {
  if (edge.from === edge.to) {
    const [x, y] = [a.x + a.w, a.y], out = 44 + edge.bend;
    return [[x - 24, y - a.h], [x + out, y - 8 - out], [x, y - 4]];
  }
  const dx = b.x - a.x, dy = b.y - a.y, long = Math.hypot(dx, dy) || 1;
  const middle = [(a.x + b.x) / 2 - dy / long * edge.bend * 2, (a.y + b.y) / 2 + dx / long * edge.bend * 2];
  return [border(a, middle), middle, border(b, middle)];
}

const HEAD_SHAPES = {
  affirmed: colour => `<path d="M0 0 L10 5 L0 10 z" fill="${colour}"/>`,
  open: colour => `<path d="M1 1 L9 5 L1 9" fill="none" stroke="${colour}" stroke-width="1.6"/>`,
  denied: colour => `<path d="M8 0 V10" stroke="${colour}" stroke-width="2.6"/>`,
};

function toSvg(drawn, places) {
  const used = [...kinds.values()].filter(kind => drawn.edges.some(edge => edge.kind === kind.id));
  const parts = [], [left, right] = extent;
  const top = Math.min(...bandsShown.map(band => band[1]), 0), bottom = Math.max(...bandsShown.map(band => band[2]), 60);
  for (const [at, kind] of used.entries()) {
    for (const [standing, shape] of Object.entries(HEAD_SHAPES)) {
      parts.push(`<marker id="h${at}-${standing}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">${shape(kind.colour)}</marker>`);
    }
  }
  const defs = `<defs>${parts.splice(0).join('')}</defs>`;
  for (const [label, above, below] of bandsShown) {
    parts.push(`<rect x="${left}" y="${above}" width="${right - left}" height="${below - above}" rx="6" fill="#f1f4f9"/><text x="${left + 12}" y="${above + 20}" font-weight="600" fill="#475467">${escaped(label)}</text>`);
  }
  for (const edge of drawn.edges) {
    const kind = kinds.get(edge.kind), a = boxOf(edge.from, places), b = boxOf(edge.to, places);
    const [[x1, y1], middle, [x2, y2]] = curveOf(edge, a, b);
    parts.push(`<g><title>${escaped(`${nameOf(edge.from)} → ${nameOf(edge.to)}: ${kind.label}, ${model.standings[edge.standing]}; ${count(edge.claims.length, 'claim')}`)}</title>`
      + `<path d="M${x1.toFixed(1)} ${y1.toFixed(1)} Q${middle[0].toFixed(1)} ${middle[1].toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}" fill="none" stroke="${kind.colour}" stroke-width="${widthOf(edge.claims.length).toFixed(1)}" opacity="${edge.standing === 'open' ? 0.5 : 0.9}"${kind.dash.length ? ` stroke-dasharray="${kind.dash.join(' ')}"` : ''} marker-end="url(#h${used.indexOf(kind)}-${edge.standing})"/>`
      + `<text x="${(x1 / 4 + middle[0] / 2 + x2 / 4).toFixed(1)}" y="${(y1 / 4 + middle[1] / 2 + y2 / 4).toFixed(1)}" text-anchor="middle" font-size="12" font-weight="600" fill="${kind.colour}" stroke="#fff" stroke-width="4" paint-order="stroke">${escaped(markOf(edge))}</text></g>`);
  }
  for (const id of drawn.things) {
    const box = boxOf(id, places), first = box.y - (box.lines.length - 1) * 9 + 5;
    parts.push(`<g><title>${escaped(nameOf(id))}</title><rect x="${box.x - box.w}" y="${box.y - box.h}" width="${box.w * 2}" height="${box.h * 2}" rx="5" fill="#fff" stroke="#98a2b3"/><text text-anchor="middle" fill="#101828">${box.lines.map((line, at) => `<tspan x="${box.x}" y="${first + 18 * at}">${escaped(line)}</tspan>`).join('')}</text></g>`);
  }
  let x = left + 12;
  const below = bottom + 30;
  for (const kind of used) {
    parts.push(`<path d="M${x} ${below - 5} h28" stroke="${kind.colour}" stroke-width="3" stroke-dasharray="${kind.dash.join(' ')}"/><text x="${x + 34}" y="${below}" fill="#101828">${escaped(kind.label)}</text>`);
    x += 60 + kind.label.length * 8;
  }
  const lens = lenses.get(state.lens);
  parts.push(`<text x="${left + 12}" y="${below + 26}" fill="#475467">${escaped(`${lens ? lens.title : model.title}. ? asked, wanted, proposed or expected; “not” denied. ${model.credit}`)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${Math.max(right - left, x - left)} ${bottom - top + 72}" font-family="system-ui, sans-serif" font-size="14">${defs}${parts.join('\n')}</svg>`;
}

const COLUMNS = ['claim', 'from', 'relation', 'to', 'drawn as', 'standing', 'modality', 'levers', 'source', 'said by', 'statement', 'quote', 'address'];

// A cell that begins like a formula would be run by a spreadsheet.
const cell = value => {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
};

function toCsv(drawn) {
  const rows = [COLUMNS];
  for (const edge of drawn.edges) {
    for (const id of edge.claims) {
      const claim = claims.get(id);
      rows.push([id, nameOf(edge.from), claim ? claim.relation : '', nameOf(edge.to), kinds.get(edge.kind).label, model.standings[edge.standing],
        claim ? claim.modality : '', claim ? claim.levers.join('; ') : '', claim ? claim.source : '',
        claim ? claim.voices.map(voice => things.get(voice)?.name || voice).join(' / ') : '', claim ? claim.label : '', claim ? claim.quote || '' : '',
        id ? `${model.base}claim/${id}` : '']);
    }
  }
  return `﻿${rows.map(row => row.map(value => cell(String(value))).join(',')).join('\r\n')}\r\n`;
}

function save(name, type, content) {
  const link = make('a', {href: URL.createObjectURL(new Blob([content], {type})), download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
