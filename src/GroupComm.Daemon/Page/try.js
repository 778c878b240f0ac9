// Join a group over the same HTTP that programs use, and send to it.
import { ask } from './access.js';
import { byId, h, milliseconds } from './dom.js';
import { events } from './events.js';

const SHOWN = 200;
let joined = null; // { group, member, abort }

export function startTrying() {
  byId('join-form').addEventListener('submit', event => {
    event.preventDefault();
    if (joined)
      joined.abort.abort();
    else
      join(byId('try-group').value, byId('try-member').value);
  });
  byId('send-form').addEventListener('submit', event => {
    event.preventDefault();
    send();
  });
}

async function join(group, member) {
  const name = member || `page-${Math.random().toString(36).slice(2, 7)}`;
  joined = { group, member: name, abort: new AbortController() };
  byId('try-join').textContent = 'Leave';
  setLocked(true);
  try {
    const response = await ask(`/v1/groups/${encodeURIComponent(group)}/events?member=${encodeURIComponent(name)}&grace=0s`, { signal: joined.abort.signal });
    if (!response.ok)
      throw new Error(problem(await response.json()));
    result(`Joined ${group} as ${name}.`, 'good');
    for await (const { kind, data } of events(response))
      log(kind, data);
    result(`The stream of ${name} ended.`);
  } catch (error) {
    result(error.name === 'AbortError' ? `${name} left ${group}.` : error.message, error.name === 'AbortError' ? '' : 'bad');
  }
  joined = null;
  byId('try-join').textContent = 'Join';
  setLocked(false);
}

function setLocked(locked) {
  byId('try-group').readOnly = byId('try-member').readOnly = locked;
}

function log(kind, data) {
  const list = byId('try-log');
  const text = kind === 'message' ? `${data.text ?? `${data.base64} (base64)`}  · ${data.order}, from ${short(data.from)}`
    : kind === 'view' ? `${data.id}: ${data.members.map(short).join(', ')} (${data.reason})`
    : data.reason ?? '';
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
  list.append(h('div', {}, h('span', { class: 'kind' }, kind), text));
  while (list.children.length > SHOWN)
    list.firstChild.remove();
  if (atEnd)
    list.scrollTop = list.scrollHeight;
}

const short = member => member.replace(/#\d+/, '');

async function send() {
  const group = byId('try-group').value;
  const query = new URLSearchParams({ order: byId('try-order').value, wait: byId('try-wait').value });
  if (joined)
    query.set('member', joined.member);
  const from = performance.now();
  byId('try-send').disabled = true;
  try {
    const response = await ask(`/v1/groups/${encodeURIComponent(group)}/messages?${query}`, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: byId('try-text').value });
    const answer = await response.json();
    if (!response.ok)
      throw new Error(problem(answer));
    result(`${answer.stage} after ${milliseconds(performance.now() - from)} · ${answer.message}`, 'good');
  } catch (error) {
    result(error.message, 'bad');
  }
  byId('try-send').disabled = false;
}

const problem = answer => `${answer.detail}: ${answer.fix}`;

function result(text, tone = '') {
  byId('try-result').textContent = text;
  byId('try-result').className = `result ${tone}`;
}
