// When transfers may count, over HTTP: the rules of a ledger, closed periods; two API processes on one log.
import { type LedgerAnswer } from '../../src/commands/open-ledger/controller.js';
import { type PeriodsAnswer } from '../../src/commands/periods-answer.js';
import { type TransferAnswer } from '../../src/commands/post-transfer/transfer-answer.js';
import { tokenFor } from '../support/tokens.js';
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
  ledger = `periods-${count}`;
  await openShop(apis.ask, ledger);
});

const at = (path: string, body: object, client = apis.ask, token?: string) =>
  client<PeriodsAnswer>('POST', `/v1/ledgers/${ledger}/periods/${path}`, {
    body: { reason: 'reported', ...body },
    ...(token !== undefined && { token }),
  });
const close = (through: string, client = apis.ask) => at('close', { through }, client);
const reopen = (closedThrough: string | null) => at('reopen', { closedThrough });
const pay = (body: object, client = apis.ask) =>
  client<TransferAnswer>('POST', `/v1/ledgers/${ledger}/transfers`, {
    body: { id: 'p', debit: 'alice', credit: 'bob', amount: '1', currency: 'EUR', ...body },
  });
const IN_MAY = { effectiveAt: '2026-05-31T23:59:59.999Z' };
const IN_JUNE = { effectiveAt: '2026-06-01T00:00:00Z' };

describe('closing a period', () => {
  it('refuses what would count in it from then on', async () => {
    expect(outcomeOf(await pay(IN_MAY))).toBe('201');
    const closed = await close('2026-05-31');
    expect(outcomeOf(closed)).toBe('200');
    expect(closed.data).toEqual({ ledger, closedThrough: '2026-05-31' });
    expect(closed.meta.revision).toBe(7);
    const refused = await pay({ id: 'q', ...IN_MAY });
    expect(outcomeOf(refused)).toBe('422 PERIOD_CLOSED');
    expect(refused.error.details).toMatchObject({
      transferId: 'q',
      evidence: { revision: 7, closedThrough: '2026-05-31' },
    });
    expect(outcomeOf(await pay({ id: 'r', ...IN_JUNE }))).toBe('201');
    expect(outcomeOf(await pay({ id: 's' }))).toBe('201');
  });

  it('refuses captures and reversals in it as well', async () => {
    await pay({ pending: {} });
    await pay({ id: 'posted' });
    await close('2026-05-31');
    const act = (path: string, body: object) =>
      apis.ask('POST', `/v1/ledgers/${ledger}/transfers/${path}`, { body });
    expect(outcomeOf(await act('p/capture', IN_MAY))).toBe('422 PERIOD_CLOSED');
    expect(outcomeOf(await act('posted/reverse', { ...IN_MAY, reason: 'x' }))).toBe(
      '422 PERIOD_CLOSED',
    );
    expect(outcomeOf(await act('p/capture', IN_JUNE))).toBe('201');
  });

  it('that is closed already changes nothing, nor does an earlier day', async () => {
    const first = await close('2026-05-31');
    const again = await close('2026-05-31', apis.other);
    const earlier = await close('2026-03-31');
    expect([answered(again), answered(earlier)]).toEqual([answered(first), answered(first)]);
    expect(again.meta.revision).toBe(first.meta.revision);
  });

  it('by many at once is recorded once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => close('2026-05-31', n % 2 ? apis.ask : apis.other)),
    );
    expect(new Set(replies.map(answered)).size).toBe(1);
    expect(new Set(replies.map(({ meta }) => meta.revision))).toEqual(new Set([6]));
  });

  it('takes only days that are over', async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(differenceOf(await close(today))).toBe('400 INVALID_PERIOD: through');
    expect(differenceOf(await close('9999-12-31'))).toBe('400 INVALID_PERIOD: through');
  });

  it('and transfers in it at the same time: none is posted after it', async () => {
    await Promise.all([
      ...Array.from({ length: 20 }, (_, n) => pay({ id: `p${n}`, ...IN_MAY })),
      close('2026-05-31', apis.other),
    ]);
    const trail = `/v1/ledgers/${ledger}/events?limit=100`;
    const { data } = await apis.ask<{ type: string }[]>('GET', trail);
    const types = data.map(({ type }) => type);
    expect(types.slice(types.indexOf('PeriodClosed'))).not.toContain('TransferPosted');
    expect(types.filter((type) => type.startsWith('Transfer'))).toHaveLength(21);
  });
});

describe('reopening a period', () => {
  it('lets transfers count in it again, under new ids', async () => {
    await close('2026-05-31');
    const refused = await pay(IN_MAY);
    const opened = await reopen('2026-04-30');
    expect(outcomeOf(opened)).toBe('200');
    expect(opened.data).toEqual({ ledger, closedThrough: '2026-04-30' });
    expect(answered(await pay(IN_MAY))).toBe(answered(refused));
    expect(outcomeOf(await pay({ id: 'q', ...IN_MAY }))).toBe('201');
    expect((await reopen('2026-04-30')).data).toEqual(opened.data);
    expect((await reopen(null)).data).toEqual({ ledger, closedThrough: null });
    expect(answered(await reopen(null))).toBe(answered(await reopen(null)));
  });

  it('names days that are closed', async () => {
    expect(differenceOf(await reopen('2026-04-30'))).toBe('400 INVALID_PERIOD: closedThrough');
    await close('2026-04-30');
    expect(differenceOf(await reopen('2026-05-31'))).toBe('400 INVALID_PERIOD: closedThrough');
  });

  it('is for administrators, closing for operators, too; both are in the audit trail', async () => {
    const operator = tokenFor('operator', [ledger]);
    const closed = await at('close', { through: '2026-05-31' }, apis.ask, operator);
    expect(outcomeOf(closed)).toBe('200');
    const tried = await at('reopen', { closedThrough: null }, apis.ask, operator);
    expect(outcomeOf(tried)).toBe('403 FORBIDDEN');
    expect(tried.error.details).toEqual({ role: 'operator', roles: ['admin'] });
    await reopen(null);
    const trail = `/v1/ledgers/${ledger}/events?direction=backwards&limit=2`;
    const { data } = await apis.ask<object[]>('GET', trail);
    expect(data).toMatchObject([
      { type: 'PeriodReopened', data: { closedThrough: null, reason: 'reported' } },
      { type: 'PeriodClosed', metadata: { actor: 'operator@test' } },
    ]);
  });
});

describe('the rules of a ledger', () => {
  const open = (body: object, client = apis.ask) =>
    client<LedgerAnswer>('POST', '/v1/ledgers', { body: { name: 'Rules', ...body } });

  it('are those it was opened with, none when it did not say', async () => {
    const rules = { uniqueReferences: true, pastDaysMax: 30, futureDaysMax: 0 };
    const opened = await open({ id: `${ledger}-a`, rules });
    expect([opened.status, opened.data.rules]).toEqual([201, rules]);
    const again = await open({ id: `${ledger}-a`, rules }, apis.other);
    expect([again.status, again.data]).toEqual([200, opened.data]);
    const plain = await open({ id: `${ledger}-b`, rules: { pastDaysMax: null } });
    const none = { uniqueReferences: false, pastDaysMax: null, futureDaysMax: null };
    expect(plain.data.rules).toEqual(none);
    expect(outcomeOf(await open({ id: `${ledger}-b` }))).toBe('200');
    const different = await open({ id: `${ledger}-a`, rules: { ...rules, pastDaysMax: 31 } });
    expect(differenceOf(different)).toBe('409 LEDGER_EXISTS: rules.pastDaysMax');
  });

  it('say how far from its recording a transfer may count', async () => {
    ledger = `${ledger}-c`;
    await openShop(apis.ask, ledger, { rules: { pastDaysMax: 30, futureDaysMax: 0 } });
    const daysAway = (days: number) => ({
      effectiveAt: new Date(Date.now() + days * 24 * 3_600_000).toISOString(),
    });
    expect(outcomeOf(await pay({ id: 'a', ...daysAway(-29) }))).toBe('201');
    expect(outcomeOf(await pay({ id: 'b' }))).toBe('201');
    const early = await pay({ id: 'c', ...daysAway(-31) });
    expect(outcomeOf(early)).toBe('422 EFFECTIVE_AT_OUT_OF_RANGE');
    expect(early.error.details).toMatchObject({
      evidence: { effectiveAt: { pastDaysMax: 30, futureDaysMax: 0 } },
    });
    expect(outcomeOf(await pay({ id: 'd', ...daysAway(1) }))).toBe('422 EFFECTIVE_AT_OUT_OF_RANGE');
  });
});

describe('after a restart of both processes', () => {
  it('closed days stay closed, and refusals stay refusals', async () => {
    await close('2026-05-31');
    const refused = await pay(IN_MAY);
    const closed = await close('2026-05-31');
    await apis.restart();
    const again = await pay(IN_MAY);
    expect([answered(again), isReplayed(again)]).toEqual([answered(refused), true]);
    expect(answered(await close('2026-05-31', apis.other))).toBe(answered(closed));
    expect(outcomeOf(await pay({ id: 'q', ...IN_MAY }))).toBe('422 PERIOD_CLOSED');
  }, 60_000);
});
