// Compares in which order nodes delivered the same messages. No drawing here.

/** One lane per node: its deliveries in the group, oldest first, and each one's place. */
export function lanesOf(peers, group) {
  return peers.map(peer => {
    const messages = [];
    for (const run of peer.recent)
      if (run.group === group) {
        const cut = run.message.lastIndexOf(':') + 1, first = Number(run.message.slice(cut));
        for (let i = 0; i < run.count; i++)
          messages.push({ id: run.message.slice(0, cut) + (first + i), sender: run.sender, order: run.order });
      }
    return { node: peer.node, messages, places: new Map(messages.map((message, place) => [message.id, place])) };
  });
}

/** Neighbours of the first lane: whether some node delivered them the other way round. */
const differs = (lanes, one, next) => lanes.some(lane => lane.places.get(one.id) > lane.places.get(next.id));

let compared = new Set();

/** Pairs of neighbours with the same order that no earlier call has counted: order -> { pairs, different }. */
export function compare(lanes, shared) {
  const found = new Map(), seen = new Set();
  if (lanes.length < 2)
    return found;
  for (let i = 0; i + 1 < shared.length; i++) {
    const [one, next] = [shared[i], shared[i + 1]];
    const pair = `${one.id} ${next.id}`;
    seen.add(pair);
    if (one.order !== next.order || compared.has(pair))
      continue;
    const counts = found.get(one.order) ?? { pairs: 0, different: 0 };
    counts.pairs++;
    if (differs(lanes, one, next))
      counts.different++;
    found.set(one.order, counts);
  }
  compared = seen;
  return found;
}

/** So many messages as there are columns: around the latest pair in different order, else the latest. */
export function windowOf(lanes, shared, columns) {
  let end = shared.length;
  for (let i = shared.length - 2; i >= 0; i--)
    if (differs(lanes, shared[i], shared[i + 1])) {
      end = Math.min(shared.length, Math.max(columns, i + 2 + Math.floor(columns / 3)));
      break;
    }
  const messages = shared.slice(Math.max(0, end - columns), end);
  const crossed = new Set();
  for (let i = 0; i < messages.length; i++)
    for (let j = i + 1; j < messages.length; j++)
      if (differs(lanes, messages[i], messages[j]))
        crossed.add(messages[i].id).add(messages[j].id);
  return { messages, crossed };
}
