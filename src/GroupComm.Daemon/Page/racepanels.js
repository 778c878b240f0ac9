// What stands beside the picture: the story, the flow tables, the outcome.
import { byId, h, milliseconds, number, plural, table } from './dom.js';
import { nextHop, walk } from './racepaths.js';

const IDEAS = {
  baseline: 'The master handles a report, changes tables, then tells the store, which all replicas have. Replicas ignore reports: they are not in charge.',
  'case-by-case': 'As the baseline, repaired for the case that was found: a replica keeps reports of ports until the store has them.',
  replicated: 'Whoever hears a report puts it into the agreed order; all execute the same in the same order; the first of the view acts, with the view’s token as fence.',
  transactional: 'A report is handled at once at one replica and certified in safe order; of two that read what the other wrote one aborts and runs again.',
  'virtual-synchrony': 'Join, register, send: all keep what they hear, the master multicasts it once, a view says who acts. What the new master has heard and nobody delivered is exactly what it must send.',
  stateless: 'Nothing is remembered. A report or a promotion makes the master ask all switches and repair what is wrong.',
  declarative: 'Facts with versions in a set that only grows, and rules over it: any order of delivery gives the same tables.',
  'self-stabilising': 'Every 25 ms the master reads all switches and repairs what is wrong. It obeys no report and needs no fence.',
};

export const stamp = time => `${time.toFixed(time < 1000 ? 2 : 0)} ms`;

const ways = count => count === 0 ? 'all pairs have a way' : `${plural(count, 'pair')} without a way`;

export function about(run) {
  byId('idea').replaceChildren(h('strong', {}, `${run.approach}: `), IDEAS[run.approach]);
}

/** Lines of the story; answers them, by step. */
export function story(run, choose) {
  const lines = run.steps.map((step, i) => {
    const before = i === 0 ? 0 : run.steps[i - 1].broken.length, after = step.broken.length;
    const line = h('li', {},
      h('span', { class: 't' }, stamp(step.t)), h('span', { class: step.controller < 0 && i > 0 && i < run.steps.length - 1 ? 'fault' : null }, words(step)),
      before !== after && h('span', { class: `change ${after > before ? 'bad' : 'good'}` }, ways(after)));
    line.addEventListener('click', () => choose(i));
    return line;
  });
  byId('story-body').replaceChildren(...lines);
  return lines;
}

export const words = step => step.controller < 0 || step.switch >= 0 ? step.text : `n${step.controller + 1} ${step.text}`;

export function now(run, i) {
  const step = run.steps[i];
  byId('clock').textContent = stamp(step.t);
  byId('now').replaceChildren(h('strong', {}, words(step)), h('br'), h('span', { class: step.broken.length ? 'bad' : 'good' }, ways(step.broken.length)), h('span', { class: 'gap' }, ` · step ${i + 1} of ${run.steps.length}`));
}

/** The real tables; a chosen pair is marked. */
export function tables(run, step, chosen, choose) {
  const all = run.ports.map((_, number) => number);
  const broken = new Map(step.broken.map(([from, to, why]) => [`${from} ${to}`, why]));
  const rows = all.map(from => h('tr', { class: step.switch === from ? 'changed' : null }, h('th', { scope: 'row' }, `s${from}`), all.map(to => {
    const why = broken.get(`${from} ${to}`);
    const apart = from !== to && !why && walk(run, step, from, to).end !== 'arrives';
    const cell = h('td', {
      class: [from === to && 'self', why && 'broken', apart && 'apart', chosen && chosen.from === from && chosen.to === to && 'chosen'].filter(Boolean).join(' '),
      title: from === to ? null : why ? (why === 'loop' ? 'goes round in a loop' : 'ends in a black hole') : apart ? 'no wires lead there' : null,
    }, `${why ? (why === 'loop' ? '↻ ' : '✕ ') : ''}${nextHop(run, step, from, to)}`);
    if (from !== to)
      cell.addEventListener('click', () => choose(from, to));
    return cell;
  })));
  byId('tables-body').replaceChildren(table('tables', ['at \\ to', ...all.map(to => `s${to}`)], rows));
}

export function path(run, step, chosen) {
  if (!chosen) {
    byId('path').textContent = '';
    return null;
  }
  const { passed, end } = walk(run, step, chosen.from, chosen.to);
  const broken = step.broken.some(([from, to]) => from === chosen.from && to === chosen.to);
  const route = passed.map(number => `s${number}`).join(' → ');
  byId('path').replaceChildren(`${route}: `, h('strong', { class: end === 'arrives' ? 'good' : broken ? 'bad' : 'muted' },
    end === 'arrives' ? 'arrives' : !broken ? 'no wires lead there' : end === 'loop' ? 'goes round for ever' : `ends at s${passed.at(-1)}, a black hole`));
  return passed;
}

export function verdict(run) {
  const { blackHoles, loops, lost } = run.outcome, broken = blackHoles + loops;
  const box = byId('verdict');
  box.className = `verdict ${broken ? 'bad' : 'good'}`;
  box.replaceChildren(
    h('strong', {}, broken ? `${plural(broken, 'pair')} of hosts never get through again.` : 'Repaired: every pair of hosts has a way.'),
    broken ? `${plural(lost, 'change')} of the network ${lost === 1 ? 'is' : 'are'} unknown to the master. ` : '',
    run.expected === 'none' ? 'The design leaves no hole in this race.' : broken ? 'The design does not cover this race.' : 'The design does not cover this race; with this seed it was lucky.');
}

export function outcome(run) {
  const at = run.outcome;
  const rows = [
    ['Pairs without a way, for ever', number(at.blackHoles + at.loops)],
    ['Time to repair', at.repairMs === null ? 'never' : milliseconds(at.repairMs)],
    ['Pairs times seconds without a way', number(at.pairSeconds, 2)],
    ['Changes that the master does not know', number(at.lost)],
    ['Multicasts', number(at.multicasts)],
    ['Reports of switches', number(at.reports)],
    ['Flow tables sent', number(at.commands)],
    ['Questions to switches, and answers', number(at.asks)],
    ['Tables of a replaced master, obeyed', number(at.stale)],
    ['The same, refused', number(at.refused)],
    ['Transactions aborted', number(at.aborts)],
  ];
  byId('outcome-body').replaceChildren(...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}
