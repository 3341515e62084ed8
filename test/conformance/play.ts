// Plays scenarios on several nodes at a time, one after the other on each: most of the time they
// wait for what must not come.
import { compare } from './comparison.js';
import { type ServingNode } from './nodes.js';
import { type Record } from './record.js';
import { scenariosFor } from './subjects.js';
import { transcriptOf, type Line } from './transcript.js';

/** Scenarios that read everything in the log, or need it empty, begin: each on a node of its own. */
const ON_AN_EMPTY_NODE = [
  'server: what a fresh server contains (fresh server only)',
  'read: all',
  'read: all, bounds',
  'read: all, filtered',
  'subscribe: all, positions',
  'checkpoints: history',
  'checkpoints: live',
  'persistent: filters of $all',
];

/** From a scenario to those that must have been played on the same node before it. */
const BEFORE: Readonly<{ [scenario: string]: readonly string[] }> = {
  // Lists begin with $all once it had a group.
  'persistent: list': ['persistent: management'],
};

/**
 * What each scenario came to, by its name. Connections stay open until the end: in the official
 * client, one that breaks fails the appends of all others.
 */
async function playOn(
  nodes: readonly ServingNode[],
  names: readonly string[],
): Promise<Map<string, Line[]>> {
  const played = new Map<string, Line[]>();
  const withAnother = new Set(names.flatMap((name) => BEFORE[name] ?? []));
  const first = names.filter((name) => ON_AN_EMPTY_NODE.includes(name));
  const others = names.filter((name) => !first.includes(name) && !withAnother.has(name));
  const waiting = [...first, ...others];
  const playAll = async ({ server }: ServingNode) => {
    const scenarios = scenariosFor(server);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      for (const name of [...(BEFORE[next] ?? []), next]) {
        const play = scenarios[name];
        if (play) played.set(name, await transcriptOf(name, play));
      }
    }
  };
  await Promise.all(nodes.map(playAll));
  await Promise.all(nodes.map(({ close }) => close()));
  return played;
}

/**
 * Plays a record on so many nodes. What differs is played once more, on one node with nothing
 * beside it: on a machine that is busy, something may come later than a silence lasts.
 */
export async function replay(
  record: Record,
  nodes: number,
  start: () => Promise<ServingNode>,
): Promise<Map<string, Line[]>> {
  const running = await Promise.all(Array.from({ length: nodes }, start));
  const played = await playOn(running, [...record.keys()]);
  const differs = (name: string) =>
    compare(record.get(name) ?? [], played.get(name) ?? []).length > 0;
  const again = [...record.keys()].filter(differs);
  if (again.length === 0) return played;
  return new Map([...played, ...(await playOn([await start()], again))]);
}
