// The whole state stands in the address, so that a view can be sent, kept and gone back to.

const CHOICES = ['lens', 'focus', 'depth', 'edge', 'claim', 'from', 'to', 'q', 'story', 'view', 'list',
  ...Object.keys(FACETS)];
const START = {lens: '', focus: '', depth: '1', edge: '', claim: '', from: '', to: '', q: '', story: '',
  view: 'map', list: '', topics: false, off: new Set(),
  ...Object.fromEntries(Object.keys(FACETS).map(facet => [facet, '']))};

const local = id => (id.includes('/') || !id ? id : `actor/${id}`);
const bare = id => (id.startsWith('actor/') ? id.slice(6) : id);

const hasTopics = lens => Boolean(lenses.get(lens)?.topics);

// What a story says of a view holds until the address says otherwise.
function startOf(id) {
  const told = stories.find(step => step.id === id) || {id: ''};
  return {...START, off: new Set(), story: told.id, lens: told.lens || '', topics: hasTopics(told.lens),
    focus: told.focus ? `actor/${told.focus}` : '', claim: told.claim || ''};
}

// A kind may be called anything, with commas too.
const packed = keys => [...keys].map(key => key.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
const unpacked = text => new Set(text.split(',').map(key => key.replaceAll('%2C', ',').replaceAll('%25', '%')));

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const state = startOf(given.get('story'));
  for (const name of CHOICES) if (given.has(name)) state[name] = given.get(name);
  for (const name of ['focus', 'from', 'to', 'speaker']) state[name] = local(state[name]);
  if (given.get('off')) state.off = unpacked(given.get('off'));
  if (!lenses.has(state.lens)) state.lens = START.lens;
  if (!things.has(state.focus)) state.focus = '';
  state.topics = given.has('topics') ? given.get('topics') === 'yes' : hasTopics(state.lens);
  return state;
}

function toAddress(state) {
  const given = new URLSearchParams(), start = {...startOf(state.story), story: ''};
  for (const name of CHOICES) {
    const value = ['focus', 'from', 'to', 'speaker'].includes(name) ? bare(state[name]) : state[name];
    if (state[name] !== start[name]) given.set(name, value);
  }
  if (state.off.size) given.set('off', packed(state.off));
  if (state.topics !== hasTopics(state.lens)) given.set('topics', state.topics ? 'yes' : 'no');
  const told = given.toString().replaceAll('%2F', '/').replaceAll('%3E', '>').replaceAll('%2C', ',');
  return told ? `#${told}` : '#';
}
