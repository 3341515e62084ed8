// Where sources begin, how far a page goes, and when they are at the end: over a log on disk.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GROUP_SETTINGS } from '../../../../../test/support/persistent-group.js';
import { EMPTY } from '../../protobuf.js';
import { openNodeStore, type NodeStore } from '../../store/node-store.js';
import { newUuid } from '../../uuid.js';
import { type Considered } from '../group/arrivals.js';
import { allSource } from './all-source.js';
import { streamSource } from './stream-source.js';

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-sources-'));
const settings = GROUP_SETTINGS;
const onlyA = { passes: ({ streamName }: { streamName: string }) => streamName === 'a' };
let store: NodeStore;
/** Positions of what was written, in order. */
const positions: number[] = [];

async function write(stream: string): Promise<void> {
  const event = { id: newUuid(), type: 'T', isJson: false, data: EMPTY, metadata: EMPTY };
  const outcome = await store.append({ stream, expected: 'any', events: [event] });
  if (outcome.kind === 'success') positions.push(outcome.position ?? NaN);
}

beforeAll(async () => {
  store = await openNodeStore({
    ...{ dataDir, instanceId: newUuid(), isDurable: false },
    onFailure: () => {},
  });
  for (const stream of ['a', 'b', 'a', 'b', 'a']) await write(stream);
});
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const shown = (considered: Considered[]) =>
  considered.map((one) => ('id' in one ? one.place : 'held back'));
const placeOf = (n: number) => `C:${positions[n]}/P:${positions[n]}`;
const positionOf = (n: number) => positions[n] ?? NaN;

describe('$all', () => {
  it('is at its end right after its last event', () => {
    const start = { position: positionOf(4), isHandled: true };
    const source = allSource(store, { filter: undefined, settings }, start);
    expect(source.nextPage(10)).toEqual({ considered: [], atEnd: true });
  });

  it('gives as many events as asked for, and goes on after them', () => {
    const start = { position: positionOf(0), isHandled: false };
    const source = allSource(store, { filter: undefined, settings }, start);
    const first = source.nextPage(2);
    expect([shown(first.considered), first.atEnd]).toEqual([[placeOf(0), placeOf(1)], false]);
    const rest = source.nextPage(3);
    expect([shown(rest.considered), rest.atEnd]).toEqual([[2, 3, 4].map(placeOf), true]);
  });

  it('does not count what its filter holds back', () => {
    const start = { position: positionOf(0), isHandled: true };
    const source = allSource(store, { filter: onlyA, settings }, start);
    expect(shown(source.nextPage(1).considered)).toEqual(['held back', placeOf(2)]);
    expect(shown(source.nextPage(9).considered)).toEqual(['held back', placeOf(4)]);
  });

  it('cannot start where no record begins', () => {
    const start = { position: positionOf(1) + 1, isHandled: false };
    const source = allSource(store, { filter: undefined, settings }, start);
    expect(() => source.nextPage(1)).toThrow('invalid position');
  });
});

describe('a stream', () => {
  it('gives each event once, as history or as it is committed', async () => {
    const source = streamSource(store, { name: 'a', settings }, 1);
    const page = source.nextPage(10);
    expect([shown(page.considered), page.atEnd]).toEqual([['1', '2'], true]);
    const known = store.log.eventAt(positionOf(4));
    expect(known && source.consider(known)).toBeUndefined();
    await write('a');
    const committed = store.log.eventAt(positionOf(5));
    if (!committed) throw new Error('nothing was committed');
    expect(source.consider(committed)).toMatchObject({ place: '3' });
    source.taken(committed);
    expect(source.consider(committed)).toBeUndefined();
    expect(source.nextPage(10)).toEqual({ considered: [], atEnd: true });
  });

  it('gives nothing before the revision where it starts, also if that is yet to come', async () => {
    const source = streamSource(store, { name: 'late', settings }, 1);
    expect(source.nextPage(10)).toEqual({ considered: [], atEnd: true });
    await write('late');
    await write('late');
    const places = positions.slice(-2).map((position) => {
      const event = store.log.eventAt(position);
      return event && source.consider(event);
    });
    expect(places).toMatchObject([undefined, { place: '1' }]);
  });
});
