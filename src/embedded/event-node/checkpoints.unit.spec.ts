// The arithmetic of checkpoints; positions are 10, 20, 30... The cases are those seen on
// EventStoreDB 24.6, except that its checkpoint "end of the log" is never sent.
import { createCheckpoints, type Checkpoints, type CheckpointOptions } from './checkpoints.js';
import { EMPTY } from './protobuf.js';
import { type LogPosition } from './read-response.js';

const eventAt = (position: number) => ({
  position,
  id: EMPTY,
  streamName: 's',
  type: 'T',
  body: EMPTY,
});
const at = (position: number): LogPosition => ({ commit: position, prepare: position });
const show = (p: LogPosition | undefined) =>
  p && (p.commit === p.prepare ? `${p.commit}` : `${p.commit}/${p.prepare}`);

/** Checkpoints while a history of n events is read; those in `passing` pass the filter. */
function history(options: CheckpointOptions, n: number, passing: number[] = []) {
  const checkpoints = createCheckpoints(options);
  const sent: (string | undefined)[] = [];
  for (let position = 10; position <= 10 * n; position += 10) {
    const passes = passing.includes(position);
    const isSent = passes && position !== options.from?.commit;
    sent.push(show(checkpoints.afterHistoric(eventAt(position), { passes, isSent })));
  }
  sent.push(show(checkpoints.afterHistory()));
  return { checkpoints, sent: sent.filter((checkpoint) => checkpoint !== undefined) };
}

const live = (checkpoints: Checkpoints, positions: number[]) =>
  positions.flatMap((position) => show(checkpoints.afterLive(eventAt(position))) ?? []);

describe('checkpoints in history', () => {
  it('name the start of the page just read, first the position asked for', () => {
    const { sent } = history({ window: 2, interval: 2, from: at(10) }, 6);
    expect(sent).toEqual(['10', '30/0', '50/0']);
  });

  it('name the last event sent if that is further', () => {
    const { sent } = history({ window: 2, interval: 2, from: at(10) }, 6, [40]);
    expect(sent).toEqual(['10', '40', '50/0']);
  });

  it('come once the pages add up to the interval', () => {
    const { sent } = history({ window: 2, interval: 4, from: at(10) }, 8);
    expect(sent).toEqual(['30/0', '70/0']);
  });

  it('end with the position asked for if no page was full and nothing passed', () => {
    expect(history({ window: 50, interval: 50, from: at(10) }, 6).sent).toEqual(['10']);
  });

  it('end with the last event sent', () => {
    expect(history({ window: 50, interval: 50, from: at(10) }, 6, [30, 50]).sent).toEqual(['50']);
  });

  it('never go back', () => {
    const { sent } = history({ window: 1, interval: 1, from: at(10) }, 3, [10, 20, 30]);
    expect(sent).toEqual(['10', '20', '30']);
  });

  it('name the last event seen when the start was asked for, which has no position', () => {
    expect(history({ window: 50, interval: 50, from: undefined }, 6).sent).toEqual(['60']);
    expect(history({ window: 2, interval: 2, from: undefined }, 5).sent).toEqual(['20', '30/0']);
  });

  it('end a page after 32 events that passed', () => {
    const all = Array.from({ length: 40 }, (_, i) => 10 * (i + 1));
    const options = { window: 1000, interval: 32, from: at(0) };
    expect(history(options, 40, all).sent).toEqual(['320', '400']);
  });
});

describe('checkpoints of live events', () => {
  it('come at every interval-th event, counted from when the subscriber caught up', () => {
    const { checkpoints } = history({ window: 3, interval: 3, from: at(10) }, 2);
    expect(live(checkpoints, [30, 40, 50, 60, 70, 80, 90])).toEqual(['50', '80']);
  });
});
