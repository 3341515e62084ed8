// A chain of events shows every change that is made to it, at the event that was changed.
import { encode } from '../../../src/event-store/codec.js';
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { GENESIS_HASH } from '../../../src/event-store/hash-chain.js';
import { everyKindOfEvent } from '../../../test/support/every-kind.js';
import { CHAIN_START, checkLink } from './chain.js';

const CAUSE = {
  ...{ actor: 'tester', requestId: 'r', correlationId: 'r', causationId: 'r' },
  clientAddress: null,
};

function stored(): StoredEvent[] {
  let previousHash = GENESIS_HASH;
  return everyKindOfEvent('shop').map((event, revision) => {
    const place = { stream: 'ledger-shop', revision, previousHash };
    const { hash, ...encoded } = encode(event, place, CAUSE);
    previousHash = hash;
    const created = new Date('2026-03-01T12:00:00.000Z');
    return { ...encoded, stream: place.stream, revision, position: BigInt(revision), created };
  });
}

/** Which events do not fit, and in what. */
function faults(events: readonly StoredEvent[]): string[] {
  let end = CHAIN_START;
  return events.flatMap((event) => {
    const { next, discrepancies } = checkLink(end, event);
    end = next;
    return discrepancies.map(({ what }) => `${event.revision}: ${what}`);
  });
}

function changed(revision: number, change: (event: StoredEvent) => Partial<StoredEvent>) {
  return stored().map((event) =>
    event.revision === revision ? { ...event, ...change(event) } : event,
  );
}

describe('the chain of a ledger', () => {
  it('is whole as it was written', () => {
    expect(faults(stored())).toEqual([]);
  });

  it.each<[string, StoredEvent[], string[]]>([
    [
      'data',
      changed(7, ({ data }) => ({ data: { ...data, extra: 1 } })),
      ['7: hash of the content'],
    ],
    [
      'who caused it',
      changed(7, ({ metadata }) => ({ metadata: { ...metadata, actor: 'eve' } })),
      ['7: hash of the content'],
    ],
    ['the id', changed(7, () => ({ id: '00000000-0000-8000-8000-000000000000' })), ['7: event id']],
    [
      'the hash itself',
      changed(7, ({ metadata }) => ({ metadata: { ...metadata, hash: 'f'.repeat(64) } })),
      ['7: hash of the content', '7: event id', '8: hash of the event before'],
    ],
    ['the type', changed(7, () => ({ type: 'Unheard' })), ['7: hash of the content', '7: schema']],
    [
      'an event that is left out',
      stored().filter(({ revision }) => revision !== 7),
      ['8: revision', '8: hash of the event before'],
    ],
    [
      'an event that is there twice',
      stored().flatMap((event) => (event.revision === 7 ? [event, event] : [event])),
      ['7: revision', '7: hash of the event before'],
    ],
  ])('shows a change of %s', (_what, events, expected) => {
    expect(faults(events)).toEqual(expected);
  });

  it('shows two events that changed places, and a time that goes back', () => {
    const [first, second] = [stored()[7], stored()[8]] as [StoredEvent, StoredEvent];
    const swapped = stored().map((event) =>
      event.revision === 7 ? second : event.revision === 8 ? first : event,
    );
    expect(faults(swapped).map((fault) => fault.slice(0, 11))).toContain('8: revision');
    const early = changed(20, ({ data }) => ({
      data: { ...data, recordedAt: '1999-01-01T00:00:00.000Z' },
    }));
    expect(faults(early)).toEqual(['20: hash of the content', '20: time of recording']);
  });
});
