// A transfer in the big ledger, over HTTP.
import { randomUUID } from 'node:crypto';
import { LEDGER, accountAt } from './build-ledger.js';

const CREATED = 201;
const BUSY = 503;

/** Until it is recorded: a ledger that takes long to be read says so, and is asked again. */
export async function postTransfer(url: string, token: string): Promise<void> {
  const leg = { debit: accountAt(0), credit: accountAt(1), amount: '1.00', currency: 'EUR' };
  const body = JSON.stringify({ id: randomUUID(), legs: [leg] });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (;;) {
    const path = `${url}/v1/ledgers/${LEDGER}/transfers`;
    const answer = await fetch(path, { method: 'POST', headers, body });
    if (answer.status === CREATED) return;
    if (answer.status !== BUSY) throw new Error(`${answer.status} ${await answer.text()}`);
  }
}
