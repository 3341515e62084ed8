// Conditions of callers and unique references over HTTP: two API processes on one log.
import { type TransferAnswer } from '../../src/commands/post-transfer/transfer-answer.js';
import { type Reply } from '../support/api.js';
import {
  answered,
  differenceOf,
  isReplayed,
  openShop,
  outcomeOf,
  twoApisOnOneLog,
} from '../support/two-apis.js';

const apis = twoApisOnOneLog();
let ledger: string;
let count = 0;

beforeEach(async () => {
  count += 1;
  ledger = `conditions-${count}`;
  await openShop(apis.ask, ledger, { rules: { uniqueReferences: true } });
});

const LEG = { debit: 'alice', credit: 'bob', amount: '10', currency: 'EUR' };
const post = (body: object, client = apis.ask) =>
  client<TransferAnswer>('POST', `/v1/ledgers/${ledger}/transfers`, { body });
const pay = (body: object, client = apis.ask) => post({ id: 'p', ...LEG, ...body }, client);
const seen = ({ error }: Reply<unknown>) =>
  (error.details['evidence'] as { conditions: unknown }).conditions;

describe('a transfer with conditions', () => {
  it('is posted when all of them are met, and shows them', async () => {
    const conditions = [
      { account: 'alice', version: 2, available: { gte: '100' }, balance: null },
      { account: 'world', balance: { lte: '100.0', gte: '-5', eq: null } },
      { account: 'fees', balance: { eq: '0' } },
    ];
    const reply = await pay({ conditions, expectedVersions: { debit: 2, credit: null } });
    expect(outcomeOf(reply)).toBe('201');
    expect(reply.data.conditions).toEqual([
      { account: 'alice', version: 2, available: { gte: '100.00' } },
      { account: 'world', balance: { gte: '-5.00', lte: '100.00' } },
      { account: 'fees', balance: { eq: '0.00' } },
    ]);
    expect(reply.data.legs).toEqual([{ ...LEG, amount: '10.00', expectedVersions: { debit: 2 } }]);
  });

  it('is refused with all that are not met, in the words of one leg', async () => {
    const refused = await pay({
      expectedVersions: { debit: 3, credit: 1 },
      conditions: [
        { account: 'alice', version: 9, available: { gte: '100.01', lte: '99.99' } },
        { account: 'bob', balance: { eq: '0' } },
      ],
    });
    expect(outcomeOf(refused)).toBe('412 CONDITIONS_NOT_MET');
    expect(refused.error.details).toMatchObject({ transferId: 'p', evidence: { revision: 5 } });
    const alice = { account: 'alice' };
    expect(seen(refused)).toEqual([
      { field: 'expectedVersions.debit', ...alice, expected: '3', seen: '2' },
      { field: 'conditions[0].version', ...alice, expected: '9', seen: '2' },
      { field: 'conditions[0].available.gte', ...alice, expected: '100.01', seen: '100.00' },
      { field: 'conditions[0].available.lte', ...alice, expected: '99.99', seen: '100.00' },
    ]);
  });

  it('is refused with numbered legs when they were sent as legs', async () => {
    const fee = { ...LEG, credit: 'fees', expectedVersions: { credit: 2 } };
    const refused = await post({ legs: [LEG, fee] });
    expect(outcomeOf(refused)).toBe('412 CONDITIONS_NOT_MET');
    expect(seen(refused)).toEqual([
      { field: 'legs[1].expectedVersions.credit', account: 'fees', expected: '2', seen: '1' },
    ]);
  });

  it('is turned away when a condition cannot be asked', async () => {
    const unfit = async (condition: object) => differenceOf(await pay({ conditions: [condition] }));
    expect(await unfit({ account: 'carol', version: 1 })).toBe(
      '422 UNKNOWN_ACCOUNT: conditions[0].account',
    );
    expect(await unfit({ account: 'bob' })).toBe('400 INVALID_TRANSFER: conditions[0]');
    expect(await unfit({ account: 'bob', balance: {}, available: { gte: null } })).toBe(
      '400 INVALID_TRANSFER: conditions[0]',
    );
    expect(await unfit({ account: 'bob', balance: { gte: '1.001' } })).toBe(
      '400 INVALID_AMOUNT: conditions[0].balance.gte',
    );
    expect(outcomeOf(await pay({ conditions: [] }))).toBe('201');
  });

  it('by many who saw the same version: one is posted', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        pay({ id: `p${n}`, expectedVersions: { debit: 2 } }, n % 2 ? apis.ask : apis.other),
      ),
    );
    expect(replies.map(outcomeOf).sort()).toEqual([
      '201',
      ...Array.from({ length: 19 }, () => '412 CONDITIONS_NOT_MET'),
    ]);
  });
});

describe('a reference in a ledger where it is unique', () => {
  it('is used once, whatever became of those who came later', async () => {
    expect(outcomeOf(await pay({ reference: 'INV-1' }))).toBe('201');
    const second = await pay({ id: 'q', reference: 'INV-1' });
    expect(outcomeOf(second)).toBe('409 REFERENCE_TAKEN');
    expect(second.error.details).toMatchObject({
      transferId: 'q',
      evidence: { reference: { reference: 'INV-1', revision: 6 } },
    });
    expect(outcomeOf(await pay({ id: 'r', reference: 'inv-1' }))).toBe('201');
    expect(outcomeOf(await pay({ id: 's' }))).toBe('201');
    expect(outcomeOf(await pay({ id: 't' }))).toBe('201');
  });

  it('is taken by one of many at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        pay({ id: `p${n}`, amount: '1', reference: 'INV-1' }, n % 2 ? apis.ask : apis.other),
      ),
    );
    expect(replies.map(outcomeOf).sort()).toEqual([
      '201',
      ...Array.from({ length: 19 }, () => '409 REFERENCE_TAKEN'),
    ]);
  });
});

describe('the same request again', () => {
  it('gets the recorded answer, on both processes and after a restart of both', async () => {
    const conditions = [{ account: 'alice', version: 2 }];
    const requests = [
      (client = apis.ask) => pay({ id: 'a', reference: 'INV-1', conditions }, client),
      (client = apis.ask) => pay({ id: 'b', reference: 'INV-1' }, client),
      (client = apis.ask) => pay({ id: 'c', expectedVersions: { debit: 2 }, conditions }, client),
    ];
    const first: Reply<unknown>[] = [];
    for (const request of requests) first.push(await request());
    expect(first.map(outcomeOf)).toEqual(['201', '409 REFERENCE_TAKEN', '412 CONDITIONS_NOT_MET']);
    const repeated = async () => {
      const replies: Reply<unknown>[] = [];
      for (const request of requests) replies.push(await request(apis.other));
      expect(replies.every(isReplayed)).toBe(true);
      expect(replies.map(answered)).toEqual(first.map(answered));
    };
    await repeated();
    await apis.restart();
    await repeated();
  }, 60_000);

  it('but different is told the fields', async () => {
    const conditions = [{ account: 'alice', balance: { gte: '1' } }];
    await pay({ conditions, expectedVersions: { debit: 2 } });
    const same = [{ account: 'alice', balance: { gte: '1.00' } }];
    const again = await pay({ conditions: same, expectedVersions: { credit: null, debit: 2 } });
    expect([outcomeOf(again), isReplayed(again)]).toEqual(['201', true]);
    const told = [
      await pay({ conditions, expectedVersions: { debit: 3 } }),
      await pay({ conditions }),
      await pay({ expectedVersions: { debit: 2 } }),
      await post({ id: 'p', legs: [{ ...LEG, expectedVersions: { credit: 2 } }], conditions }),
    ];
    expect(told.map(differenceOf)).toEqual([
      '409 TRANSFER_ID_REUSED: expectedVersions',
      '409 TRANSFER_ID_REUSED: expectedVersions',
      '409 TRANSFER_ID_REUSED: conditions',
      '409 TRANSFER_ID_REUSED: legs[0].expectedVersions',
    ]);
  });
});
