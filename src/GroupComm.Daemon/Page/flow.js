// What flows: rates and latency by order, and how far each stream has come.
import { byId, cell, empty, h, milliseconds, nameOf, number, rankMark, svg, table } from './dom.js';

const KEPT = 120; // one minute
const history = { fifo: [], causal: [], agreed: [], safe: [] };

// A percentile of a half second without messages says nothing: the last one stays.
const lastLatency = new Map();

export function orders(at) {
  const rows = Object.entries(at.orders).map(([name, order]) => {
    const rates = history[name];
    rates.push(order.deliveredPerSecond);
    if (rates.length > KEPT)
      rates.shift();
    return h('tr', {},
      h('th', { scope: 'row' }, name),
      cell(number(order.sentPerSecond), 'number'), cell(number(order.deliveredPerSecond), 'number'),
      cell(spark(rates, name)),
      ...['delivery', 'safe'].flatMap(kind => {
        const latency = latest(`${name} ${kind}`, order[kind]);
        return [cell(milliseconds(latency?.p50Ms), 'number'), cell(milliseconds(latency?.p99Ms), 'number')];
      }));
  });
  const right = name => ({ name, number: true });
  byId('orders-body').replaceChildren(table('orders',
    ['Order', right('Sent/s'), right('Delivered/s'), 'Last minute', right('Delivery p50'), right('p99'), right('Safe p50'), right('p99')], rows));
}

function latest(key, latency) {
  if (latency.measured > 0)
    lastLatency.set(key, latency);
  return lastLatency.get(key);
}

function spark(values, name) {
  const most = Math.max(1, ...values), width = KEPT - 1, height = 28;
  const points = values.map((value, i) => `${width - (values.length - 1 - i)} ${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`);
  const line = points.length > 1 ? `M${points.join('L')}` : '';
  return svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${name}: delivered a second, up to ${number(most)} in the last minute` },
    svg('line', { x1: 0, x2: width, y1: height - 1, y2: height - 1 }),
    line && svg('path', { class: 'area', d: `${line}L${width} ${height}L${width - values.length + 1} ${height}Z` }),
    line && svg('path', { d: line }));
}

export function stability(at) {
  const body = byId('stability-body');
  if (!at.stability.length) {
    body.replaceChildren(empty('No view yet', 'Streams begin with the first view.'));
    return;
  }
  const rows = at.stability.map((stream, rank) => h('tr', {},
    h('td', {}, rankMark(rank)),
    h('th', { scope: 'row' }, nameOf(stream.sender)),
    cell(number(stream.received), 'number'), cell(number(stream.delivered), 'number'), cell(number(stream.stable), 'number'),
    cell(number(stream.received - stream.stable), 'number'),
    cell(track(stream.stable, stream.received)),
    cell(stream.heldBackBy.length && stream.received > stream.stable ? `held back by ${stream.heldBackBy.map(nameOf).join(', ')}` : h('span', { class: 'good' }, 'all stable'), 'text')));
  const right = name => ({ name, number: true });
  const { used, limit, heldBackBy } = at.flow;
  byId('stability-body').replaceChildren(
    table('stability', ['Rank', 'Stream of', right('Received'), right('Delivered'), right('Stable'), right('Not yet'), 'Frontier', 'Who holds it back'], rows),
    h('p', { class: 'legend' },
      h('span', {}, `Send window: ${number(used / 1024)} of ${number(limit / 1024)} KiB used${used > 0 && heldBackBy.length ? `, held back by ${heldBackBy.map(nameOf).join(', ')}` : ''}`),
      h('span', {}, `Agreed order: assigned to ${number(at.order.assigned)}, safe to ${number(at.order.safe)}, delivered to ${number(at.order.delivered)}`)));
}

/** The last thousand of a stream; the part that is stable in it. */
function track(stable, received) {
  const share = received === 0 ? 1 : Math.max(0, 1 - (received - stable) / Math.min(1000, received));
  const bar = h('i', { class: share < 0.9 ? 'behind' : null });
  bar.style.width = `${share * 100}%`;
  return h('div', { class: 'bar-track', role: 'img', 'aria-label': `${Math.round(share * 100)} % of the last messages are stable` }, bar);
}
