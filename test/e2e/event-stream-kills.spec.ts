// Goal: whoever follows a ledger's events misses none and sees none twice, whatever is killed meanwhile.
// Method: `daybook up` as processes; payments come in all the time, and a reader that comes back with
// `Last-Event-ID` whenever it is cut off; one after the other the API and the event node get a SIGKILL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientFor } from '../support/api.js';
import {
  COMMAND,
  PROCESSES,
  type Run,
  once,
  pidBelow,
  run,
  runtimeOf,
} from '../support/daybook-process.js';
import { type SentEvent, readEvents } from '../support/sse-client.js';
import { TEST_SECRET, tokenFor } from '../support/tokens.js';

jest.setTimeout(120_000);

const LEDGER = '/v1/ledgers/tail';
/** Events that have to come between one kill and the next, and after the last. */
const EVENTS_BETWEEN = 20;

let folder: string;
let up: Run;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-stream-kills-'));
  up = run(COMMAND, ['up'], {
    ...{ DAYBOOK_DATA: folder, PORT: '0', DAYBOOK_DEMO: 'off', JWT_SECRET: TEST_SECRET },
  });
  await once(up, () => up.out().includes('Daybook is ready'));
  const ask = clientFor(apiUrl());
  await ask('POST', '/v1/ledgers', { body: { id: 'tail', name: 'Tail' } });
  for (const address of ['cash', 'world']) {
    const body = { address, type: 'asset', currency: 'EUR', overdraftLimit: null };
    await ask('POST', `${LEDGER}/accounts`, { body });
  }
});
afterAll(async () => {
  up.process.kill('SIGTERM');
  await up.ended;
  rmSync(folder, { recursive: true, force: true });
});

const apiUrl = () => runtimeOf(folder).apiUrl ?? '';
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Every event from the first, for as long as somebody asks; comes back whenever it is cut off. */
async function* follow(token: string): AsyncGenerator<SentEvent> {
  let lastEventId: string | undefined;
  for (;;) {
    const url = `${apiUrl()}${LEDGER}/events/stream?from=0`;
    const reader = await readEvents(url, { token, lastEventId }).catch(() => undefined);
    for (let event = await reader?.next(); event !== undefined; event = await reader?.next()) {
      lastEventId = event.id;
      yield event;
    }
    await pause();
  }
}

it('a reader that comes back has every event once, in order', async () => {
  const token = tokenFor('admin');
  let paying = true;
  const payments = (async () => {
    while (paying) {
      const body = { debit: 'cash', credit: 'world', amount: '1', currency: 'EUR' };
      const sent = clientFor(apiUrl())('POST', `${LEDGER}/transfers`, { body });
      await sent.catch(pause);
    }
  })();
  const seen: SentEvent[] = [];
  const events = follow(token);
  const take = async (count: number) => {
    for (const until = seen.length + count; seen.length < until;) {
      const { value } = (await events.next()) as { value: SentEvent };
      seen.push(value);
    }
  };
  await take(EVENTS_BETWEEN);
  for (const [label, process_] of [
    ['API', PROCESSES.api],
    ['embedded event node', PROCESSES.eventNode],
    ['API', PROCESSES.api],
  ] as const) {
    const timesBack = () => up.err().split(`The ${label} is back.`).length;
    const before = timesBack();
    process.kill(pidBelow(up, process_), 'SIGKILL');
    await once(up, () => timesBack() > before);
    await take(EVENTS_BETWEEN);
  }
  paying = false;
  await payments;
  expect(seen.map(({ id }) => Number(id))).toEqual(seen.map((_, index) => index));
});
