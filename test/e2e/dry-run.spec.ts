// Dry runs: the answer that there would be, and nothing recorded. Two API processes on one log.
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type Reply } from '../support/api.js';
import { answered, isReplayed, openShop, outcomeOf, twoApisOnOneLog } from '../support/two-apis.js';

const apis = twoApisOnOneLog();
const ledger = 'rehearsal';
const path = `/v1/ledgers/${ledger}`;

beforeAll(async () => {
  await openShop(apis.ask, ledger);
  const accounts = [
    { address: 'alice:jpy', type: 'liability', currency: 'JPY' },
    { address: 'fx:eur', type: 'equity', currency: 'EUR', overdraftLimit: null },
    { address: 'fx:jpy', type: 'equity', currency: 'JPY', overdraftLimit: null },
  ];
  for (const body of accounts) await apis.ask('POST', `${path}/accounts`, { body });
  await send('/transfers', { ...PAYMENT, id: 'sale' });
  await send('/transfers', { ...PAYMENT, id: 'hold', pending: {} });
}, 60_000);

const PAYMENT = { debit: 'alice', credit: 'bob', amount: '10', currency: 'EUR' };
const TOO_MUCH = { ...PAYMENT, amount: '1000' };
const send = (to: string, body: object, query = '', client = apis.ask) =>
  client<Record<string, unknown>>('POST', `${path}${to}${query}`, { body });
/** As the write side has it. */
const revision = async (): Promise<number | undefined> => {
  const headers = { 'daybook-consistency': 'strong' };
  return (await apis.ask<AccountSnapshot>('GET', `${path}/accounts/alice`, { headers })).meta
    .revision;
};
const withoutTimes = (reply: Reply<unknown>) =>
  answered(reply).replace(/"(recordedAt|effectiveAt)":"[^"]*"/g, '"$1":""');

/** Every command about money, once well and once refused or turned away. */
const COMMANDS: readonly (readonly [string, string, object, string])[] = [
  ['a transfer', '/transfers', { id: 'd1', ...PAYMENT }, '201'],
  ['a transfer refused', '/transfers', { id: 'd2', ...TOO_MUCH }, '422 INSUFFICIENT_FUNDS'],
  [
    'a transfer that does not fit',
    '/transfers',
    { id: 'd3', ...PAYMENT, debit: 'nobody' },
    '422 UNKNOWN_ACCOUNT',
  ],
  ['a hold', '/transfers', { id: 'd4', ...PAYMENT, pending: {} }, '201'],
  ['a capture', '/transfers/hold/capture', { id: 'd5', amount: '4' }, '201'],
  [
    'a capture of too much',
    '/transfers/hold/capture',
    { id: 'd6', amount: '11' },
    '422 AMOUNT_EXCEEDS_HELD',
  ],
  ['a void', '/transfers/hold/void', { id: 'd7', amount: '1', reason: 'less' }, '201'],
  [
    'a void of what is posted',
    '/transfers/sale/void',
    { id: 'd8', reason: 'less' },
    '422 TRANSFER_NOT_PENDING',
  ],
  ['a reversal', '/transfers/sale/reverse', { id: 'd9', amount: '1', reason: 'returned' }, '201'],
  [
    'a reversal of nothing',
    '/transfers/none/reverse',
    { id: 'd10', reason: 'returned' },
    '404 TRANSFER_NOT_FOUND',
  ],
  [
    'an exchange',
    '/exchanges',
    {
      ...{ id: 'd11', from: 'alice', to: 'alice:jpy', via: { sell: 'fx:eur', buy: 'fx:jpy' } },
      ...{ sell: '1', rate: '163', rounding: { account: 'alice:jpy' } },
    },
    '201',
  ],
  [
    'an atomic batch',
    '/transfers/batch',
    { atomic: true, id: 'd12', transfers: [PAYMENT, PAYMENT] },
    '201',
  ],
  [
    'an atomic batch refused',
    '/transfers/batch',
    { atomic: true, id: 'd13', transfers: [PAYMENT, TOO_MUCH] },
    '422 BATCH_REFUSED',
  ],
  [
    'transfers each for itself',
    '/transfers/batch',
    {
      atomic: false,
      transfers: [
        { ...PAYMENT, id: 'd14' },
        { ...TOO_MUCH, id: 'd15' },
        { ...PAYMENT, id: 'd14' },
      ],
    },
    '200',
  ],
];

describe.each(COMMANDS)('a dry run of %s', (_what, to, body, outcome) => {
  it('answers what there would be, and records nothing', async () => {
    const before = await revision();
    const looked = await send(to, body, '?dryRun=true', apis.other);
    expect(outcomeOf(looked)).toBe(outcome);
    expect(looked.meta).toMatchObject({ dryRun: true });
    expect(isReplayed(looked)).toBe(false);
    expect(await revision()).toBe(before);

    const real = await send(to, body, '?dryRun=false');
    expect(withoutTimes(real)).toBe(withoutTimes(looked));
    expect(real.meta).not.toHaveProperty('dryRun');
    expect(real.meta.revision).toBe(looked.meta.revision);

    const after = await revision();
    const again = await send(to, body, '?dryRun=true', apis.other);
    const wasRecorded = after !== before;
    expect(answered(again).replace(/"replayed":true/g, '"replayed":false')).toBe(
      wasRecorded
        ? answered(real).replace(/"replayed":true/g, '"replayed":false')
        : answered(again),
    );
    expect(again.meta).toMatchObject({ dryRun: true });
    if (!Array.isArray(again.data)) expect(isReplayed(again)).toBe(wasRecorded);
    expect(await revision()).toBe(after);
  });
});

describe('dryRun', () => {
  const endpoints = [...new Set(COMMANDS.map(([, to]) => to))];
  it.each(endpoints)('is true or false, and the only parameter of %s', async (to) => {
    const before = await revision();
    const [, , body] = COMMANDS.find(([, path_]) => path_ === to) ?? ['', '', {}];
    const queries = [
      'dryRun=yes',
      'dryRun=',
      'dryRun=TRUE',
      'dryRun=true&dryRun=true',
      'dryrun=true',
    ];
    for (const query of queries) {
      const reply = await send(to, { ...body, id: undefined }, `?${query}`);
      expect(`${query}: ${outcomeOf(reply)}`).toBe(`${query}: 400 INVALID_REQUEST`);
      const [problem] = reply.error.details.fields ?? [];
      expect(problem?.field).toBe(query.split('=')[0]);
    }
    expect(await revision()).toBe(before);
  });

  it('needs the permission that the command needs', async () => {
    const reply = await apis.ask('POST', `${path}/transfers?dryRun=true`, {
      body: PAYMENT,
      token: null,
    });
    expect(outcomeOf(reply)).toBe('401 UNAUTHENTICATED');
  });
});
