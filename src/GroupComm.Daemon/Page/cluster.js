// The cluster: figures at the top, members, links.
import { ago, byId, cell, empty, h, milliseconds, nameOf, number, OWN_GROUP, rankMark, table } from './dom.js';

export function figures(at) {
  const orders = Object.values(at.orders);
  const sum = name => orders.reduce((all, order) => all + order[name], 0);
  const suspected = at.members.filter(member => member.state === 'suspected').length;
  const tiles = [
    ['View', at.view.id === null ? '–' : String(at.view.id), at.view.since ? `since ${ago(at.view.since, at.at)}`.replace(' ago', '') : 'none yet'],
    ['Members', String(at.members.length), suspected ? `${suspected} suspected` : at.members.length ? 'all heard' : 'none yet', suspected ? 'bad' : ''],
    ['Sent', number(sum('sentPerSecond')), 'a second, here'],
    ['Delivered', number(sum('deliveredPerSecond')), 'a second, here'],
    ['Undelivered', number(at.undelivered), at.undelivered ? 'here, and waiting' : 'nothing waits'],
    ['Groups', String(at.groups.filter(group => group.group !== OWN_GROUP).length), at.viewChange ? 'the view is changing' : 'in the cluster', at.viewChange ? 'warn' : ''],
  ];
  byId('figures').replaceChildren(...tiles.map(([name, value, more, tone]) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, value, h('small', { class: tone || null }, more)))));
}

export function members(at) {
  const body = byId('members-body');
  if (!at.members.length) {
    body.replaceChildren(empty('No view yet', 'This node waits for enough others to form one.'));
    return;
  }
  const here = new Set(at.members.map(member => member.name));
  const rows = at.members.map(member => h('tr', {},
    h('td', {}, rankMark(member.rank)),
    h('th', { scope: 'row' }, member.name, ' ', member.self && h('span', { class: 'tag' }, 'this node'), member.rank === 0 && h('span', { class: 'tag' }, 'coordinator')),
    cell(h('span', { class: `state ${member.suspicion ? 'bad' : 'good'}` }, member.suspicion ? `suspected: ${member.suspicion}` : 'alive'), 'wrap'),
    cell(member.self ? '–' : milliseconds(member.silentMs), 'number'),
    cell(String(member.incarnation), 'mono'),
    cell(member.address, 'mono')));
  for (const gone of departed(at).filter(each => !here.has(nameOf(each.node))))
    rows.push(h('tr', { class: 'gone' },
      h('td', {}, h('span', { class: 'rank' }, '–')),
      h('th', { scope: 'row' }, nameOf(gone.node)),
      cell(h('span', { class: 'state gone' }, `gone: ${gone.reason}`), 'wrap'), cell('–', 'number'),
      cell(gone.node.slice(nameOf(gone.node).length + 1), 'mono'), cell('–')));
  body.replaceChildren(table('members', ['Rank', 'Name', 'State', { name: 'Silent for', number: true }, 'Incarnation', 'Address'], rows));
}

/** The last departure of each name in the views that are known, newest first. */
function departed(at) {
  const last = new Map();
  for (const view of at.timeline)
    for (const each of view.departed)
      last.set(nameOf(each.node), each);
  return [...last.values()].reverse().slice(0, 4);
}

export function links(at) {
  const body = byId('links-body');
  if (at.members.length < 2) {
    body.replaceChildren(empty('No links', 'This node is alone: start another one with --seed.'));
    return;
  }
  const known = new Map(at.links.map(link => [`${link.from}\n${link.to}`, link]));
  const name = member => h('span', { class: 'name' }, rankMark(member.rank), member.name);
  const rows = at.members.map(from => h('tr', {}, h('th', { scope: 'row' }, name(from)), at.members.map(to => linkCell(from, to, known.get(`${from.name}\n${to.name}`)))));
  body.replaceChildren(table('matrix', ['from \\ to', ...at.members.map(member => ({ name: name(member) }))], rows));
}

function linkCell(from, to, link) {
  if (from === to)
    return h('td', { class: 'self' }, '·');
  const title = `${from.name} to ${to.name}`;
  if (!link?.hears)
    return h('td', { class: 'bad', title }, 'not heard');
  return h('td', { title }, link.rttMs === null || link.rttMs === undefined ? h('span', { class: 'good' }, 'heard') : milliseconds(link.rttMs));
}
