// The space-time strip: the latest deliveries of every node side by side.
import { byId, cell, empty, h, nameOf, number, OWN_GROUP, rankMark, svg, table } from './dom.js';
import { compare, lanesOf, windowOf } from './reordering.js';

const LANE = 64, TOP = 26, LABEL = 86, STEP = 34;
const KEPT_MS = 5000; // a crossing stays for people to look at it

let held = false;
let shown = null; // { at, crossings, drawn, group }
const totals = new Map(); // order -> { pairs, different }

byId('strip-hold').addEventListener('click', () => {
  held = !held;
  byId('strip-hold').setAttribute('aria-pressed', held);
  byId('strip-hold').textContent = held ? 'Go on' : 'Hold';
});

byId('strip-group').addEventListener('change', () => (shown = null));

export function strip(at) {
  const ranks = new Map(at.members.map(member => [`${member.name}#${member.incarnation}`, member.rank]));
  const peers = (at.peers ?? []).filter(peer => ranks.has(peer.node)).sort((a, b) => ranks.get(a.node) - ranks.get(b.node));
  const group = choose(peers);
  if (held)
    return;
  const lanes = lanesOf(peers, group);
  const shared = lanes.length > 0 ? lanes[0].messages.filter(message => lanes.every(lane => lane.places.has(message.id))) : [];
  count(compare(lanes, shared));
  if (shared.length === 0) {
    if (!shown || shown.drawn || shown.peers !== peers.length)
      byId('strip-body').replaceChildren(empty(peers.length ? 'No recent deliveries' : 'Waiting for the reports of the nodes',
        peers.length ? 'Send something, for example with Try it below.' : 'Each node tells this page what it delivered.'));
    shown = { at: 0, crossings: 0, drawn: false, group, peers: peers.length };
    counts();
    return;
  }
  const columns = Math.max(6, Math.min(24, Math.floor((byId('strip-body').clientWidth - LABEL) / STEP)));
  const picked = windowOf(lanes, shared, columns);
  const keep = shown?.drawn && shown.group === group && shown.crossings > 0 && Date.now() - shown.at < KEPT_MS;
  if (keep && shown.nodes === lanes.length)
    return;
  shown = { at: Date.now(), crossings: picked.crossed.size, drawn: true, group, nodes: lanes.length };
  byId('strip-body').replaceChildren(draw(lanes, picked, columns, ranks));
  legend(at);
  counts();
}

/** What the select says, or the group with most of what was delivered. */
function choose(peers) {
  const sizes = new Map();
  for (const peer of peers)
    for (const run of peer.recent)
      if (run.group && run.group !== OWN_GROUP)
        sizes.set(run.group, (sizes.get(run.group) ?? 0) + run.count);
  const select = byId('strip-group');
  const names = [...sizes.keys()].sort();
  if (names.join('\n') !== [...select.options].map(option => option.value).join('\n') && document.activeElement !== select) {
    const before = select.value;
    select.replaceChildren(...names.map(name => h('option', {}, name)));
    if (names.includes(before))
      select.value = before;
    else if (names.length)
      select.value = names.reduce((best, name) => (sizes.get(name) > sizes.get(best) ? name : best));
  }
  select.parentElement.hidden = select.options.length === 0;
  return select.value;
}

function draw(lanes, { messages, crossed }, columns, ranks) {
  const width = LABEL + columns * STEP + 8, height = TOP + (lanes.length - 1) * LANE + TOP;
  const x = slot => LABEL + slot * STEP + STEP / 2, y = lane => TOP + lane * LANE;
  const slots = lanes.map(lane => {
    const ordered = [...messages].sort((a, b) => lane.places.get(a.id) - lane.places.get(b.id));
    return new Map(ordered.map((message, slot) => [message.id, slot]));
  });
  const rankOf = message => ranks.get(message.sender) ?? 0;
  // Those that cross are drawn last, so that they lie above the others.
  const sorted = [...messages].sort((a, b) => crossed.has(a.id) - crossed.has(b.id));
  const different = crossed.size;
  const says = `${messages.length} messages at ${lanes.length} nodes; ${different ? `${different} of them were delivered in different order at different nodes` : 'all nodes delivered them in the same order'}`;
  return svg('svg', { class: 'space-time', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': says, 'data-crossed': different },
    svg('title', {}, says),
    lanes.map((lane, i) => [
      svg('line', { class: 'lane', x1: LABEL, x2: width, y1: y(i), y2: y(i) }),
      svg('text', { class: 'label', x: 0, y: y(i) + 1 }, nameOf(lane.node).slice(0, 11)),
      svg('text', { class: 'sub', x: 0, y: y(i) + 15 }, `rank ${ranks.get(lane.node)}`)]).flat(),
    sorted.map(message => svg('path', {
      class: `path s${rankOf(message) % 8}${crossed.has(message.id) ? ' crossed' : ''}`,
      d: `M${lanes.map((_, i) => `${x(slots[i].get(message.id))} ${y(i)}`).join('L')}`,
    })),
    sorted.map(message => lanes.map((lane, i) => mark(x(slots[i].get(message.id)), y(i), rankOf(message), message, lane.node === message.sender, crossed.has(message.id)))).flat());
}

function mark(x, y, rank, message, own, crossed) {
  return svg('g', {},
    svg('title', {}, `${message.id}, ${message.order}${own ? ', sent here' : ''}`),
    crossed && (own ? svg('rect', { class: 'halo', x: x - 12, y: y - 12, width: 24, height: 24, rx: 6 }) : svg('circle', { class: 'halo', cx: x, cy: y, r: 12 })),
    own ? svg('rect', { class: `mark f${rank % 8}`, x: x - 10, y: y - 10, width: 20, height: 20, rx: 5 }) : svg('circle', { class: `mark f${rank % 8}`, cx: x, cy: y, r: 10 }),
    svg('text', { class: 'mark-text', x, y: y + 4 }, String(rank)));
}

function legend(at) {
  byId('strip-legend').replaceChildren(
    ...at.members.map(member => h('span', {}, rankMark(member.rank), `from ${member.name}`)),
    h('span', {}, h('i', { class: 'square' }), 'delivered at its sender'), h('span', {}, h('i', { class: 'ring' }), 'in different order'));
}

function count(found) {
  for (const [order, { pairs, different }] of found) {
    const total = totals.get(order) ?? { pairs: 0, different: 0 };
    totals.set(order, { pairs: total.pairs + pairs, different: total.different + different });
  }
}

function counts() {
  const said = { fifo: 'only messages of one sender keep their order', causal: 'only what may depend on each other keeps its order', agreed: 'one order for all', safe: 'one order for all' };
  const rows = [...totals].map(([order, { pairs, different }]) => h('tr', {},
    h('th', { scope: 'row' }, order), cell(number(pairs), 'number'),
    cell(h('span', { class: different && said[order] === 'one order for all' ? 'bad' : null }, number(different)), 'number'), cell(said[order], 'text muted')));
  byId('strip-counts').replaceChildren(rows.length === 0 ? '' : table('reordered',
    ['Order', { name: 'Neighbours compared', number: true }, { name: 'In different order', number: true }, 'The promise'], rows));
}
