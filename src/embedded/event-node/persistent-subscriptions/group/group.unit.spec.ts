// What a group does, told what happens to it: whom it gives which message, when it tries again, when
// it parks, and how far its checkpoint goes.
import { givenGroup } from '../../../../../test/support/persistent-group.js';

describe('a consumer', () => {
  it('has at most as many messages as it has slots, and one more for each answer', () => {
    const g = givenGroup();
    g.history([0, 1, 2, 3, 4]);
    expect(g.connect('a', 2)).toEqual(['a <- 0', 'a <- 1']);
    expect(g.ack(1)).toEqual(['a <- 2']);
    expect(g.nack('skip', [0])).toEqual(['a <- 3']);
    expect(g.nack('park', [2], 'why')).toEqual([
      "park 2: Client explicitly NAK'ed message.\nwhy",
      'a <- 4',
    ]);
  });

  it('may answer twice, too early, or for what nobody knows, without effect', () => {
    const g = givenGroup();
    g.history([0, 1, 2]);
    g.connect('a', 1);
    expect(g.ack(0, 0)).toEqual(['a <- 1']);
    expect(g.ack(0)).toEqual([]);
    expect(g.ack(2)).toEqual([]);
    expect(g.ack(77)).toEqual([]);
    expect(g.nack('retry', [0])).toEqual([]);
  });

  it('may answer for another, whose slot is free then', () => {
    const g = givenGroup();
    g.history([0, 1, 2]);
    g.connect('a', 1);
    g.connect('b', 1);
    expect(g.ack(0)).toEqual(['a <- 2']);
  });

  it('of no slots gets nothing', () => {
    const g = givenGroup();
    g.history([0]);
    expect(g.connect('a', 0)).toEqual([]);
  });

  it('that takes nothing off the wire gets nothing until it does', () => {
    const g = givenGroup();
    g.history([]);
    g.connect('a', 9);
    g.pause('a');
    expect(g.live([0])).toEqual([]);
    expect(g.resume('a')).toEqual(['a <- 0']);
  });

  it('acknowledges messages of the same id in the order of sending', () => {
    const g = givenGroup();
    g.history([]);
    g.connect('a', 3);
    g.live([0, 0]);
    expect(g.group.inFlight.size).toBe(2);
    g.ack(0);
    g.ack(0);
    expect([g.group.inFlight.size, g.consumer('a').inFlight]).toEqual([0, 0]);
  });
});

describe('a message', () => {
  it('is tried again before others, in the order of the source', () => {
    const g = givenGroup();
    g.history([0, 1, 2, 3, 4, 5]);
    g.connect('a', 3);
    g.connect('b', 0);
    expect(g.nack('retry', [2, 0])).toEqual(['a <- 0 (retry 1)', 'a <- 2 (retry 1)']);
    expect(g.nack('retry', [0, 1])).toEqual(['a <- 0 (retry 2)', 'a <- 1 (retry 1)']);
  });

  it('is parked when it was tried often enough', () => {
    const g = givenGroup({ maxRetryCount: 1 });
    g.history([0]);
    g.connect('a', 1);
    expect(g.nack('retry', [0])).toEqual(['a <- 0 (retry 1)']);
    expect(g.nack('retry', [0])).toEqual(['park 0: Reached retry count of 1']);
  });

  it.each([0, -1])('is never tried again with a maximum of %p', (maxRetryCount) => {
    const g = givenGroup({ maxRetryCount });
    g.history([0]);
    g.connect('a', 1);
    expect(g.nack('retry', [0])).toEqual([`park 0: Reached retry count of ${maxRetryCount}`]);
  });

  it('that cannot be parked is delivered again', () => {
    const g = givenGroup();
    g.history([0]);
    g.connect('a', 1);
    g.nack('park', [0]);
    expect(g.parkingFails()).toEqual(['a <- 0']);
  });

  it('that is not answered in time is tried again on the next tick', () => {
    const g = givenGroup({ messageTimeoutMs: 300, maxRetryCount: 1 });
    g.history([0, 1]);
    g.clock.now = 800;
    g.connect('a', 1);
    expect(g.tickAt(1000)).toEqual([]);
    expect(g.tickAt(2000)).toEqual(['a <- 0 (retry 1)']);
    expect(g.tickAt(3000)).toEqual(['park 0: Reached retry count of 1', 'a <- 1']);
  });

  it.each([0, -1])('of a timeout of %p is over at every tick', (messageTimeoutMs) => {
    const g = givenGroup({ messageTimeoutMs });
    g.history([0]);
    g.connect('a', 1);
    expect(g.tickAt(0)).toEqual(['a <- 0 (retry 1)']);
  });

  it('of a consumer that left goes to another, and is never parked for that', () => {
    const g = givenGroup({ maxRetryCount: 0 });
    g.history([0, 1, 2]);
    g.connect('a', 2);
    expect(g.connect('b', 5)).toEqual(['b <- 2']);
    expect(g.leave('a')).toEqual(['b <- 0 (retry 1)', 'b <- 1 (retry 1)']);
    expect(g.leave('b')).toEqual([]);
    expect(g.connect('c', 1)).toEqual(['c <- 0 (retry 2)']);
  });
});

describe('reading of history', () => {
  const reads = (g: ReturnType<typeof givenGroup>) => g.group.wantsHistory;

  it('goes on while more than a batch fits into the buffer', () => {
    const g = givenGroup({ historyBufferSize: 4, readBatchSize: 2 });
    expect(reads(g)).toBe(true);
    g.history([0], false);
    expect(reads(g)).toBe(true);
    g.history([1], false);
    expect(reads(g)).toBe(false);
  });

  it('is not called for by delivery, but by answers', () => {
    const g = givenGroup({ historyBufferSize: 2, readBatchSize: 1 });
    g.history([0], false);
    g.connect('a', 9);
    expect(reads(g)).toBe(false);
    g.ack(0);
    expect(reads(g)).toBe(true);
    g.history([1], false);
    g.nack('park', [1]);
    g.group.wantsHistory = false;
    g.parked();
    expect(reads(g)).toBe(true);
  });

  it('ends at the end', () => {
    const g = givenGroup();
    g.history([0], true);
    expect([g.group.isLive, reads(g)]).toEqual([true, false]);
  });
});

describe('live events', () => {
  it('are not taken while the group is behind, or when its buffer is full', () => {
    const g = givenGroup({ historyBufferSize: 2, readBatchSize: 1 });
    g.live([0]);
    expect(g.group.waiting.fresh).toBe(0);
    g.history([0]);
    g.live([1, 2, 3]);
    expect([g.group.waiting.fresh, g.group.isLive, g.group.lastKnown]).toEqual([2, false, '3']);
    expect(g.connect('a', 1)).toEqual(['a <- 0']);
    expect(g.ack(0)).toEqual(['a <- 1']);
    expect(g.group.wantsHistory).toBe(false);
    g.ack(1);
    expect(g.group.wantsHistory).toBe(true);
    expect([g.history([2, 3]), g.ack(2)].flat()).toEqual(['a <- 2', 'a <- 3']);
  });
});

describe('a checkpoint', () => {
  const byCount = { minCheckpointCount: 1000, maxCheckpointCount: 3, checkpointAfterMs: 3_600_000 };

  it('is written at once when enough is handled, before the lowest that is not', () => {
    const g = givenGroup(byCount);
    g.history([0, 1, 2, 3, 4, 5, 6, 7]);
    g.connect('a', 20);
    expect(g.ack(0, 1)).toEqual([]);
    expect(g.ack(2)).toEqual(['checkpoint 2']);
    expect(g.ack(4, 5, 6)).toEqual([]);
    expect(g.ack(3)).toEqual(['checkpoint 6']);
  });

  it('does not pass a message that is tried again, waits, or is being parked', () => {
    const g = givenGroup(byCount);
    g.history([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    g.connect('a', 9);
    g.nack('retry', [0]);
    expect(g.ack(1, 2, 3, 4)).toEqual([]);
    g.nack('park', [0]);
    expect(g.ack(5, 6, 7)).toEqual([]);
    expect(g.parked()).toEqual(['checkpoint 7']);
    g.leave('a');
    g.live([9, 10, 11]);
    expect(g.filteredOut(12)).toEqual([]);
  });

  it('follows events that the filter holds back', () => {
    const g = givenGroup(byCount);
    g.history([0]);
    g.connect('a', 9);
    g.ack(0);
    expect([g.filteredOut(1), g.filteredOut(2), g.filteredOut(3)]).toEqual([
      [],
      ['checkpoint 2'],
      [],
    ]);
  });

  it('is written on a tick when some time has passed; the first does not wait', () => {
    const g = givenGroup({
      minCheckpointCount: 2,
      maxCheckpointCount: 99,
      checkpointAfterMs: 1500,
    });
    g.history([0, 1, 2, 3, 4]);
    g.connect('a', 9);
    g.ack(0);
    expect(g.tickAt(1000)).toEqual([]);
    g.ack(1);
    expect(g.tickAt(2000)).toEqual(['checkpoint 1']);
    g.ack(2, 3);
    expect(g.tickAt(3000)).toEqual([]);
    expect(g.tickAt(4000)).toEqual(['checkpoint 3']);
    expect(g.tickAt(9000)).toEqual([]);
  });

  it('is never written by time if no time is given', () => {
    const g = givenGroup({ minCheckpointCount: 1, maxCheckpointCount: 99, checkpointAfterMs: 0 });
    g.history([0]);
    g.connect('a', 9);
    g.ack(0);
    expect(g.tickAt(1_000_000)).toEqual([]);
  });

  it.each([0, -1])('is written for every event at a maximum of %p, and not without', (max) => {
    const g = givenGroup({ maxCheckpointCount: max }, '4');
    g.history([5]);
    g.connect('a', 9);
    expect(g.tickAt(1000)).toEqual([]);
    expect(g.ack(5)).toEqual(['checkpoint 5']);
    expect(g.tickAt(2000)).toEqual([]);
  });
});

describe('parked messages', () => {
  it('come back after what is tried again, and as if for the first time', () => {
    const g = givenGroup();
    g.history([10, 11]);
    g.connect('a', 1);
    g.replay(0, 2);
    g.parkedPage([0, 1], 2);
    expect(g.nack('retry', [10])).toEqual(['a <- 10 (retry 1)']);
    expect(g.ack(10)).toEqual(['a <- parked 0']);
    expect(g.nack('retry', [0])).toEqual(['a <- parked 1']);
    expect(g.ack(1)).toEqual(['a <- parked 0 (retry 1)']);
    expect(g.ack(0)).toEqual(['truncate parked before 2', 'a <- 11']);
  });

  it('stay where they lie until they are handled, and do not move the checkpoint', () => {
    const g = givenGroup({ maxCheckpointCount: 1 });
    g.history([]);
    g.connect('a', 9);
    g.replay(3, 6);
    g.parkedPage([3, 4, 5], 6);
    expect(g.ack(4, 5)).toEqual([]);
    expect(g.ack(3)).toEqual(['truncate parked before 6']);
  });

  it('are not replayed twice by asking twice', () => {
    const g = givenGroup();
    g.history([]);
    g.replay(0, 2);
    g.parkedPage([0, 1], 2);
    g.replay(0, 3);
    expect(g.group.replay).toMatchObject({ next: 2, stop: 3 });
  });
});
