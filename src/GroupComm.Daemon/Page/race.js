// Asks the daemon for the steps of one schedule, and plays them.
import { byId, h } from './dom.js';
import { ring } from './racering.js';
import { about, now, outcome, path, story, tables, verdict, words } from './racepanels.js';
import { startTheme } from './theme.js';

const SHORTEST = 260, LONGEST = 1500; // milliseconds of ours between two steps
const still = matchMedia('(prefers-reduced-motion: reduce)');

let run = null;
let lines = [];
let at = 0;          // the step that is shown
let since = 0;       // how far on the way to the next, 0 to 1
let playing = false;
let lastFrame = 0;
let chosen = null;   // the packet that is followed
let asked = 0;

async function load() {
  const mine = ++asked;
  pause();
  const wanted = new URLSearchParams({ race: byId('race').value, approach: byId('approach').value, seed: byId('seed').value });
  let loaded;
  try {
    const response = await fetch(`/v1/race?${wanted}`);
    loaded = await response.json();
    if (!response.ok)
      throw new Error(`${loaded.detail}: ${loaded.fix}`);
  } catch (error) {
    if (mine === asked)
      notice(error instanceof TypeError ? 'This daemon does not answer. Start it again, then choose anew.' : error.message);
    return;
  }
  if (mine !== asked)
    return; // something else was chosen meanwhile
  notice(null);
  history.replaceState(null, '', `/race?${wanted}`);
  byId('source').href = `/v1/race?${wanted}`;
  run = loaded;
  about(run);
  outcome(run);
  lines = story(run, i => { pause(); go(i); });
  byId('at').max = run.steps.length - 1;
  chosen = null;
  byId('from').value = byId('to').value = '';
  document.body.dataset.run = `${run.race} ${run.approach} ${run.seed}`;
  go(0);
}

function notice(text) {
  byId('notice').textContent = text ?? '';
  byId('notice').hidden = !text;
}

function go(i) {
  at = Math.max(0, Math.min(run.steps.length - 1, i));
  since = 0;
  show();
}

/** Everything that belongs to a step; what flies between two of them is the picture's alone. */
function show() {
  const step = run.steps[at];
  now(run, at);
  tables(run, step, chosen, follow);
  draw(path(run, step, chosen));
  byId('at').value = at;
  byId('at').setAttribute('aria-valuetext', `${at + 1} of ${run.steps.length}: ${words(step)}`);
  byId('back').disabled = at === 0;
  byId('next').disabled = at === run.steps.length - 1;
  lines.forEach((line, i) => {
    line.classList.toggle('now-here', i === at);
    line.classList.toggle('later', i > at);
    if (i === at)
      line.setAttribute('aria-current', 'step');
    else
      line.removeAttribute('aria-current');
  });
  if (at === run.steps.length - 1)
    verdict(run);
  else {
    byId('verdict').className = 'verdict';
    byId('verdict').replaceChildren(h('span', { class: 'muted' }, 'The judge reads the tables at the end.'));
  }
  keepInSight(lines[at]);
}

function draw(route) {
  const step = run.steps[at], next = run.steps[at + 1];
  const time = next ? step.t + (next.t - step.t) * since : step.t;
  ring(run, step, time, route ?? (chosen && path(run, step, chosen)));
}

/** Scrolls the story, never the page. */
function keepInSight(line) {
  const box = byId('story-scroll');
  const top = line.offsetTop - box.offsetTop;
  if (top < box.scrollTop + 20 || top + line.offsetHeight > box.scrollTop + box.clientHeight - 20)
    box.scrollTop = top - box.clientHeight / 2;
}

function follow(from, to) {
  chosen = from === to ? null : { from, to };
  byId('from').value = from;
  byId('to').value = to;
  show();
}

function frame(time) {
  if (!playing)
    return;
  const passed = Math.min(100, time - lastFrame) * Number(byId('speed').value);
  lastFrame = time;
  since += passed / shownFor(at);
  if (since >= 1) {
    go(at + 1);
    if (at === run.steps.length - 1)
      pause();
  } else if (!still.matches)
    draw(null);
  requestAnimationFrame(frame);
}

/** How long a step is shown: longer where more time passes, but far from in proportion. */
function shownFor(i) {
  const gap = run.steps[i + 1].t - run.steps[i].t;
  return Math.min(LONGEST, SHORTEST + 260 * Math.log10(1 + gap * 10));
}

function play() {
  if (at === run.steps.length - 1)
    go(0);
  playing = true;
  byId('play').textContent = 'Pause';
  byId('now').setAttribute('aria-live', 'off');
  lastFrame = performance.now();
  requestAnimationFrame(frame);
}

function pause() {
  playing = false;
  byId('play').textContent = 'Play';
  byId('now').setAttribute('aria-live', 'polite');
}

function start() {
  startTheme();
  const asks = new URLSearchParams(location.search);
  for (const name of ['race', 'approach', 'seed'])
    if (asks.has(name))
      byId(name).value = asks.get(name);
  for (const name of ['race', 'approach'])
    if (!byId(name).value)
      byId(name).selectedIndex = 0;
  for (const name of ['from', 'to'])
    byId(name).replaceChildren(h('option', { value: '' }, '–'), ...Array.from({ length: 8 }, (_, i) => h('option', { value: i }, `s${i}`)));
  for (const name of ['race', 'approach', 'seed'])
    byId(name).addEventListener('change', () => byId('seed').reportValidity() && load());
  byId('form').addEventListener('submit', event => event.preventDefault());
  byId('other').addEventListener('click', () => {
    byId('seed').value = 1 + Math.floor(Math.random() * 100000);
    load();
  });
  for (const name of ['from', 'to'])
    byId(name).addEventListener('change', () => {
      if (byId('from').value !== '' && byId('to').value !== '')
        follow(Number(byId('from').value), Number(byId('to').value));
    });
  byId('follow').addEventListener('submit', event => event.preventDefault());
  byId('play').addEventListener('click', () => run && (playing ? pause() : play()));
  byId('back').addEventListener('click', () => { pause(); go(at - 1); });
  byId('next').addEventListener('click', () => { pause(); go(at + 1); });
  byId('at').addEventListener('input', () => { pause(); go(Number(byId('at').value)); });
  load();
}

start();
