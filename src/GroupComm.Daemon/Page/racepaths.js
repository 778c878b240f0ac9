// What the flow tables do with a packet: the same walk as the judge's.

/** The switches that a packet passes, and how it ends: 'arrives', 'hole' or 'loop'. */
export function walk(run, step, from, to) {
  const passed = [from];
  for (let at = from; passed.length <= run.ports.length + 1;) {
    const port = step.tables[at][to];
    const peer = port === '-' ? undefined : run.ports[at][Number(port)];
    if (peer === undefined || (peer >= 0 && !isUp(run, step, at, peer)) || !isOn(step, at))
      return { passed, end: 'hole' };
    if (peer < 0)
      return { passed, end: at === to ? 'arrives' : 'hole' };
    passed.push(at = peer);
  }
  return { passed, end: 'loop' };
}

/** Of the pairs that are broken: how many end at each switch. */
export function holes(run, step) {
  const ends = new Map();
  for (const [from, to] of step.broken) {
    const last = walk(run, step, from, to).passed.at(-1);
    ends.set(last, (ends.get(last) ?? 0) + 1);
  }
  return ends;
}

/** In words: where that switch sends packets for that host. */
export function nextHop(run, step, at, to) {
  const port = step.tables[at][to];
  const peer = port === '-' ? undefined : run.ports[at][Number(port)];
  return peer === undefined ? 'drop' : peer < 0 ? 'host' : `s${peer}`;
}

const isOn = (step, number) => (step.powered >> number) & 1;

function isUp(run, step, a, b) {
  const link = run.links.findIndex(([x, y]) => (x === a && y === b) || (x === b && y === a));
  return isOn(step, a) && isOn(step, b) && !((step.brokenLinks >> link) & 1);
}
