// The whole state stands in the address, so that a view can be sent, kept and gone back to.

const CHOICES = ['lens', 'focus', 'depth', 'edge', 'claim', 'from', 'to', 'q', 'story', 'view', 'list',
  ...Object.keys(FACETS)];
const START = {lens: '', focus: '', depth: '1', edge: '', claim: '', from: '', to: '', q: '', story: '',
  view: 'map', list: '', matters: false, off: new Set(),
  ...Object.fromEntries(Object.keys(FACETS).map(facet => [facet, '']))};

const local = id => (id.includes('/') || !id ? id : `actor/${id}`);
const bare = id => (id.startsWith('actor/') ? id.slice(6) : id);

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const state = {...START, off: new Set()};
  for (const name of CHOICES) if (given.has(name)) state[name] = given.get(name);
  for (const name of ['focus', 'from', 'to', 'speaker']) state[name] = local(state[name]);
  if (given.get('off')) state.off = new Set(given.get('off').split(','));
  const story = stories.find(step => step.id === state.story);
  if (story) {
    if (!given.has('lens')) state.lens = story.lens || '';
    if (!given.has('focus')) state.focus = story.focus ? `actor/${story.focus}` : '';
    if (!given.has('claim') && story.claim) state.claim = story.claim;
  }
  if (!lenses.has(state.lens)) state.lens = START.lens;
  if (!things.has(state.focus)) state.focus = '';
  state.matters = given.has('matters')
    ? given.get('matters') === 'yes' : Boolean(lenses.get(state.lens)?.matters);
  return state;
}

function toAddress(state) {
  const given = new URLSearchParams();
  for (const name of CHOICES) {
    const value = ['focus', 'from', 'to', 'speaker'].includes(name) ? bare(state[name]) : state[name];
    if (value && value !== START[name]) given.set(name, value);
  }
  if (state.off.size) given.set('off', [...state.off].join(','));
  if (state.matters !== Boolean(lenses.get(state.lens)?.matters)) {
    given.set('matters', state.matters ? 'yes' : 'no');
  }
  const told = given.toString().replaceAll('%2F', '/').replaceAll('%3E', '>').replaceAll('%2C', ',');
  return told ? `#${told}` : '#';
}
