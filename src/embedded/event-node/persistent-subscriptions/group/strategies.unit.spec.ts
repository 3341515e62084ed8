// Which of several consumers gets a message.
import { givenGroup } from '../../../../../test/support/persistent-group.js';

describe('RoundRobin', () => {
  it('gives in turn, and passes over who has no room', () => {
    const g = givenGroup({ strategy: 'RoundRobin' });
    g.history([]);
    for (const name of ['a', 'b', 'c']) g.connect(name, 2);
    expect(g.live([0, 1, 2, 3])).toEqual(['a <- 0', 'b <- 1', 'c <- 2', 'a <- 3']);
    expect(g.live([4, 5, 6])).toEqual(['b <- 4', 'c <- 5']);
    expect(g.ack(1)).toEqual(['b <- 6']);
  });

  it('goes on in order when one left', () => {
    const g = givenGroup({ strategy: 'RoundRobin' });
    g.history([]);
    for (const name of ['a', 'b', 'c']) g.connect(name, 9);
    g.live([0]);
    g.leave('b');
    expect(g.live([1, 2])).toEqual(['c <- 1', 'a <- 2']);
  });
});

describe('DispatchToSingle', () => {
  it('stays with one until it is full, then with the next', () => {
    const g = givenGroup({ strategy: 'DispatchToSingle' });
    g.history([]);
    g.connect('a', 3);
    g.connect('b', 3);
    expect(g.live([0, 1, 2, 3])).toEqual(['a <- 0', 'a <- 1', 'a <- 2', 'b <- 3']);
    g.ack(0, 1, 2);
    expect(g.live([4, 5, 6])).toEqual(['b <- 4', 'b <- 5', 'a <- 6']);
  });
});

describe.each(['Pinned', 'PinnedByCorrelation'] as const)('%s', (strategy) => {
  const PARTITIONS = 12;
  const partitionOf = (revision: number) => `p-${revision % PARTITIONS}`;
  const round = (n: number) => Array.from({ length: PARTITIONS }, (_, i) => n * PARTITIONS + i);
  /** Who got which partition. */
  const ownersIn = (effects: string[]) =>
    new Map(
      effects.map((text) => {
        const [owner = '', revision] = text.split(' <- ');
        return [partitionOf(Number.parseInt(revision ?? '', 10)), owner];
      }),
    );
  const count = (owners: Map<string, string>, name: string) =>
    [...owners.values()].filter((owner) => owner === name).length;

  it('keeps a partition with one consumer, and gives each a fair share', () => {
    const g = givenGroup({ strategy });
    g.history([]);
    g.connect('a', 100);
    g.connect('b', 100);
    const first = ownersIn(g.live(round(0), partitionOf));
    expect([count(first, 'a'), count(first, 'b')]).toEqual([6, 6]);
    expect(ownersIn(g.live(round(1), partitionOf))).toEqual(first);

    g.connect('c', 100);
    const second = ownersIn(g.live(round(2), partitionOf));
    expect(['a', 'b', 'c'].map((name) => count(second, name))).toEqual([4, 4, 4]);
    const kept = [...second].filter(([partition, owner]) => first.get(partition) === owner);
    expect(kept).toHaveLength(8);

    g.leave('a');
    const third = ownersIn(g.live(round(3), partitionOf));
    expect([count(third, 'b'), count(third, 'c')]).toEqual([6, 6]);
  });

  it('holds up only what is pinned to a consumer that is full', () => {
    const g = givenGroup({ strategy });
    g.history([]);
    g.connect('a', 1);
    g.connect('b', 2);
    expect(g.live([0], () => 'x')).toEqual(['a <- 0']);
    expect(g.live([1], () => 'y')).toEqual(['b <- 1']);
    expect(g.live([2], () => 'x')).toEqual([]);
    expect(g.live([3], () => 'y')).toEqual(['b <- 3']);
    expect(g.ack(0)).toEqual(['a <- 2']);
  });
});
