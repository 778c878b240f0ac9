// The picture of the network: eight switches in a ring with two chords, a host at each, and the controllers above them.
import { byId, svg } from './dom.js';
import { holes } from './racepaths.js';

const WIDTH = 420, HEIGHT = 478;
const CENTRE = [210, 298], RING = 132, HOSTS = 168, RADIUS = 21;
const BOX = [94, 46], BOXES_AT = 40;
const WORDS = { master: 'master', replica: 'replica', former: 'still acts', paused: 'stands still', crashed: 'crashed', left: 'has left', joining: 'joins' };

const around = (number, radius) => {
  const angle = (number - 2) * Math.PI / 4;
  return [CENTRE[0] + radius * Math.cos(angle), CENTRE[1] + radius * Math.sin(angle)];
};

const switchAt = number => around(number, RING);
const boxAt = (number, count) => [WIDTH / 2 + (number - (count - 1) / 2) * (BOX[0] + 8), BOXES_AT];

/** @param time Milliseconds of the race: what flies is shown where it is then. @param route Switches that a followed packet passes, or null. */
export function ring(run, step, time, route) {
  const broken = link => (step.brokenLinks >> link) & 1;
  const ends = holes(run, step);
  const flying = run.flights.filter(([, , , sent, arrival]) => sent <= time && time < arrival).map(flight => inFlight(run, flight, time));
  byId('ring-body').replaceChildren(svg('svg', { class: 'ring', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label(step, ends) },
    run.links.map(([a, b], link) => line(switchAt(a), switchAt(b), `link${broken(link) ? ' broken' : ''}`)),
    run.links.flatMap(([a, b], link) => broken(link) ? cut(switchAt(a), switchAt(b)) : []),
    run.ports.map((_, number) => line(switchAt(number), around(number, HOSTS), 'stub')),
    route && svg('path', { class: 'route', d: `M${route.map(number => switchAt(number).map(round).join(' ')).join('L')}` }),
    run.ports.map((_, number) => square(around(number, HOSTS))),
    flying.map(each => each.way),
    run.ports.map((_, number) => aSwitch(number, step, ends.get(number))),
    step.standing.map((standing, number) => box(number, standing, step)),
    flying.map(each => each.dot)));
}

function label(step, ends) {
  const dead = [...ends].map(([number, count]) => `${count} at s${number}`);
  return `Controllers: ${step.standing.map((standing, number) => `n${number + 1} ${WORDS[standing]}`).join(', ')}. ${dead.length ? `Packets end: ${dead.join(', ')}` : 'Every pair of hosts has a way'}.`;
}

const round = value => Math.round(value * 10) / 10;

const line = ([x1, y1], [x2, y2], className) => svg('line', { class: className, x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2) });

/** A cross in the first third: in the middle the two chords meet. */
function cut([ax, ay], [bx, by]) {
  const [x, y] = [ax + (bx - ax) * .4, ay + (by - ay) * .4];
  return [line([x - 7, y - 7], [x + 7, y + 7], 'cut'), line([x - 7, y + 7], [x + 7, y - 7], 'cut')];
}

const square = ([x, y]) => svg('rect', { class: 'host', x: round(x - 6), y: round(y - 6), width: 12, height: 12, rx: 2 });

function aSwitch(number, step, ended) {
  const [x, y] = switchAt(number).map(round);
  const state = !((step.powered >> number) & 1) ? ' off' : ended ? ' dead' : '';
  return svg('g', { class: `switch${state}${step.switch === number ? ' changed' : ''}` },
    svg('circle', { cx: x, cy: y, r: RADIUS }),
    svg('text', { x, y: y + 5 }, `s${number}`),
    ended && svg('g', { class: 'badge' }, svg('circle', { cx: x + 17, cy: y - 17, r: 11 }), svg('text', { x: x + 17, y: y - 13 }, String(ended))));
}

function box(number, standing, step) {
  const [x, y] = boxAt(number, step.standing.length);
  return svg('g', { class: `box ${standing}${step.controller === number ? ' acts' : ''}` },
    svg('rect', { x: x - BOX[0] / 2, y: y - BOX[1] / 2, width: BOX[0], height: BOX[1], rx: 8 }),
    svg('text', { x, y: y - 3 }, `n${number + 1}`),
    svg('text', { class: 'what', x, y: y + 15 }, WORDS[standing]));
}

/** A message on its way: a line, and a dot where it is. */
function inFlight(run, [kind, from, to, sent, arrival], time) {
  const controller = number => boxAt(number, run.controllers).map((value, axis) => value + (axis ? BOX[1] / 2 : 0));
  const start = kind === 'report' ? switchAt(from) : controller(from);
  const end = kind === 'command' ? switchAt(to) : controller(to);
  const among = kind === 'multicast' || kind === 'view';
  const way = (time - sent) / (arrival - sent);
  const at = start.map((value, axis) => value + (end[axis] - value) * way);
  if (among)
    at[1] += 6 + 26 * Math.sin(Math.PI * way); // below the boxes
  return {
    way: !among && line(start, end, `flight ${kind}`),
    dot: svg('circle', { class: kind, cx: round(at[0]), cy: round(at[1]), r: kind === 'view' ? 4 : 6 }),
  };
}
