// Reads the snapshots of /v1/live, two a second, and hands each to the panels.
import { ask, isClosed, startAccess } from './access.js';
import { byId, nameOf } from './dom.js';
import { events } from './events.js';
import { figures, members, links } from './cluster.js';
import { orders, stability } from './flow.js';
import { views, waiting } from './story.js';
import { strip } from './strip.js';
import { groups } from './groups.js';
import { startTrying } from './try.js';
import { startTheme } from './theme.js';

const panels = [head, figures, members, links, orders, strip, views, waiting, stability, groups];
const STALE = 5000;
const AGAIN = 1000;

let paused = false;
let lastAt = 0;

function head(at) {
  byId('cluster').textContent = at.view.cluster;
  byId('where').textContent = at.view.id === null ? `seen from ${at.view.node}: no view yet` : `view ${at.view.id}, seen from ${nameOf(at.view.node)}`;
  document.title = `${at.view.cluster} · view ${at.view.id ?? '–'} · GroupComm`;
  notice(at.view.primary ? null : `This node is not in a primary view: ${at.view.waiting ?? 'it does not hear a quorum'}. What follows is the last that it knew.`, false);
}

function notice(text, bad) {
  const box = byId('notice');
  if (box.textContent !== (text ?? ''))
    box.textContent = text ?? '';
  box.classList.toggle('bad', bad);
  box.hidden = !text;
}

function status(state, text) {
  const box = byId('status');
  document.body.classList.toggle('stale', state === 'lost');
  if (box.dataset.state === state)
    return;
  box.dataset.state = state;
  byId('status-text').textContent = text;
}

function show(snapshot) {
  lastAt = Date.now();
  if (paused)
    return;
  status('live', 'live');
  for (const panel of panels)
    panel(snapshot);
}

async function connect() {
  try {
    const response = await ask('/v1/live?peers=true');
    if (response.ok)
      for await (const { kind, data } of events(response))
        if (kind === 'snapshot')
          show(data);
  } catch {
    // No connection, or one that broke.
  }
  if (isClosed()) {
    status('paused', 'signed out');
    notice(null, false);
    lastAt = 0;
    return; // until a token is given
  }
  lost();
  setTimeout(connect, AGAIN);
}

function lost() {
  status('lost', 'no answer');
  notice('This daemon does not answer. The page shows the last that it said, and tries again every second.', true);
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', paused);
  byId('pause').textContent = paused ? 'Go on' : 'Pause';
  status(paused ? 'paused' : 'waiting', paused ? 'paused' : 'live');
});

// A daemon that stands still keeps its connection: then no error comes, and no snapshot either.
setInterval(() => {
  if (lastAt && !paused && Date.now() - lastAt > STALE)
    lost();
}, 1000);

startTheme();
startTrying();
startAccess(connect);
connect();
