// What happened and what is stuck: the views with their reasons, and what waits.
import { byId, cell, empty, h, nameOf, number, table, time } from './dom.js';

let shownViews = '';

export function views(at) {
  const key = JSON.stringify(at.timeline.map(view => [view.id, view.at]));
  if (key === shownViews)
    return; // unchanged: what somebody reads does not move
  shownViews = key;
  const items = at.timeline.map((view, i) => viewItem(view, i === 0 ? null : at.timeline[i - 1])).reverse();
  byId('views-body').replaceChildren(...(items.length ? items : [h('li', {}, 'No view yet.')]));
}

function viewItem(view, before) {
  const joined = before === null ? [] : view.members.filter(member => !before.members.includes(member));
  const reasons = [
    ...view.departed.map(each => h('p', {}, h('strong', {}, nameOf(each.node)), ` left: ${each.reason}`)),
    joined.length > 0 && h('p', {}, h('strong', {}, joined.map(nameOf).join(', ')), ' joined'),
    before === null && h('p', { class: 'muted' }, 'the first view that this page knows'),
  ];
  return h('li', { class: view.departed.length ? 'loss' : null },
    h('strong', {}, `View ${view.id}`), h('span', { class: 'when' }, time(view.at)),
    ...reasons.flat(),
    h('p', { class: 'muted' }, view.members.map(nameOf).join(', ')));
}

export function waiting(at) {
  const body = byId('waiting-body');
  if (!at.summary.length && !at.waiting.length) {
    body.replaceChildren(empty('Nothing waits', 'Every message that is here was delivered.'));
    return;
  }
  const rows = merged(at.waiting).map(each => h('tr', {},
    cell(`${each.message}${each.count > 1 ? ` and ${number(each.count - 1)} more` : ''}`, 'mono'),
    cell(each.group ?? '–'), cell(each.kind === 'message' ? each.order : 'membership'), cell(each.text, 'text')));
  body.replaceChildren(
    at.summary.length > 0 ? h('ul', { class: 'reasons' }, at.summary.map(line => h('li', {}, line))) : '',
    rows.length > 0 ? table('waiting', ['Message', 'Group', 'Order', 'Why'], rows) : '');
}

/** Neighbours of one stream that wait for nothing but their turn become one row. */
function merged(waiting) {
  const rows = [];
  for (const each of waiting) {
    const last = rows.at(-1);
    if (last && each.reason === 'stream' && last.reason === 'stream' && ['sender', 'group', 'kind', 'order'].every(name => last[name] === each[name]))
      last.count += each.count;
    else
      rows.push({ ...each });
  }
  return rows;
}
