// Groups; the members of those that are open are asked for with each snapshot.
import { byId, empty, h, nameOf, OWN_GROUP, plural } from './dom.js';

const shown = new Map();

export function groups(at) {
  const body = byId('groups-body');
  const all = at.groups.filter(group => group.group !== OWN_GROUP);
  for (const [name, entry] of shown)
    if (!all.some(group => group.group === name)) {
      entry.remove();
      shown.delete(name);
    }
  if (all.length && body.querySelector('.empty'))
    body.replaceChildren();
  for (const group of all) {
    const entry = shown.get(group.group) ?? add(body, group.group);
    entry.querySelector('.members-count').textContent = plural(group.members, 'member');
    entry.querySelector('.view-id').textContent = `view ${group.view}`;
    if (entry.open && entry.dataset.view !== group.view)
      fill(entry, group);
  }
  if (!all.length && !body.querySelector('.empty'))
    body.replaceChildren(empty('No groups', 'Join one below, or with groupcomm join.'));
}

function add(body, name) {
  const entry = h('details', { class: 'group' },
    h('summary', {}, h('span', { class: 'name' }, name), h('span', { class: 'muted members-count' }), h('span', { class: 'muted view-id' })),
    h('ul', {}));
  entry.addEventListener('toggle', () => {
    if (entry.open)
      fill(entry, { group: name });
  });
  shown.set(name, entry);
  body.append(entry);
  return entry;
}

async function fill(entry, group) {
  const response = await fetch(`/v1/groups/${encodeURIComponent(group.group)}`);
  if (!response.ok)
    return; // gone meanwhile: the next snapshot says so
  const { view, fencingToken } = await response.json();
  entry.dataset.view = view.id;
  entry.querySelector('ul').replaceChildren(
    ...view.members.map(member => h('li', {}, h('strong', {}, member.slice(member.indexOf('/') + 1)), h('span', { class: 'muted' }, ` at ${nameOf(member.slice(0, member.indexOf('/')))}`))),
    h('li', { class: 'muted' }, `last change: ${view.reason}`),
    h('li', { class: 'muted' }, 'fencing token ', h('span', { class: 'mono' }, fencingToken)));
}
