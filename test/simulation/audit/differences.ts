// In which fields what is recorded differs from what a request asks for; none when it is the same.
import {
  type AccountAsked,
  type CaptureAsked,
  type ConditionAsked,
  type ExchangeAsked,
  type PartAsked,
  type ReverseAsked,
  type TransferAsked,
  type VoidAsked,
} from '../requests.js';
import { canonical, unitsOf } from './amounts.js';
import { type Books } from './books.js';
import { type ActData, type TransferData } from './transfer-data.js';

const LEG_FIELDS = ['debit', 'credit', 'amount', 'currency', 'expectedVersions'] as const;

/** Named as in the request: one leg stands at the top of it. */
export function transferDifferences(
  asked: TransferAsked,
  data: TransferData,
  books: Books,
): string[] {
  const conditions = asked.conditions?.map((condition) => canonicalCondition(condition, books));
  const expiresAt = asked.pending?.expiresAt;
  const pending = asked.pending && { expiresAt: expiresAt ? utc(expiresAt) : null };
  return [
    ...legDifferences(asked.legs, data.legs, books),
    ...commonDifferences(asked, data),
    ...((asked.reference ?? null) === data.reference ? [] : ['reference']),
    ...(same(conditions, data.conditions) ? [] : ['conditions']),
    ...(same(pending, data.pending) ? [] : ['pending']),
  ];
}

export function captureDifferences(asked: CaptureAsked, data: ActData, books: Books): string[] {
  if (asked.transfer !== data.transfer) return ['transfer'];
  return [
    ...partDifferences(asked, data.parts ?? null, books),
    ...((asked.final ?? false) === data.final ? [] : ['final']),
    ...commonDifferences(asked, data),
  ];
}

export function voidDifferences(asked: VoidAsked, data: ActData, books: Books): string[] {
  if (asked.transfer !== data.transfer) return ['transfer'];
  return [
    ...partDifferences(asked, data.parts ?? null, books),
    ...(asked.reason === data.reason ? [] : ['reason']),
  ];
}

export function reversalDifferences(
  asked: ReverseAsked,
  data: TransferData,
  books: Books,
): string[] {
  if (asked.transfer !== data.reverses?.transfer) return ['transfer'];
  return [
    ...partDifferences(asked, data.reverses.parts, books),
    ...(asked.reason === data.reverses.reason ? [] : ['reason']),
    ...commonDifferences(asked, data),
  ];
}

export function exchangeDifferences(
  asked: ExchangeAsked,
  data: TransferData,
  books: Books,
): string[] {
  const { exchange } = data;
  if (!exchange) return ['type'];
  const given = asked.sell === undefined ? 'buy' : 'sell';
  const scale = books.latest(given === 'sell' ? asked.from : asked.to)?.scale;
  const amount = canonical(asked[given] ?? '', scale);
  const due = { ...asked, source: asked.source ?? null };
  return [
    ...(['from', 'to', 'via', 'rate', 'source', 'rounding'] as const).filter(
      (field) => !same(due[field], exchange[field]),
    ),
    ...(exchange.given === given && exchange[given].amount === amount ? [] : [given]),
    ...commonDifferences(asked, data),
  ];
}

/** What bodies of several kinds have, and how it is recorded. */
interface CommonAsked {
  readonly effectiveAt?: string;
  readonly description?: string;
  readonly metadata?: Pairs;
}

function commonDifferences(
  { effectiveAt, description, metadata }: CommonAsked,
  data: Pick<ActData, 'recordedAt' | 'effectiveAt' | 'description' | 'metadata'>,
): string[] {
  const time = effectiveAt === undefined ? data.recordedAt : utc(effectiveAt);
  return [
    ...(time === data.effectiveAt ? [] : ['effectiveAt']),
    ...((description ?? null) === data.description ? [] : ['description']),
    ...pairDifferences(metadata ?? {}, data.metadata ?? {}),
  ];
}

export function utc(time: string): string {
  return new Date(time).toISOString();
}

function legDifferences(
  asked: TransferAsked['legs'],
  recorded: TransferData['legs'],
  { scales }: Books,
): string[] {
  if (asked.length !== recorded.length) return ['legs'];
  return asked.flatMap((leg, n) => {
    const due = { ...leg, amount: canonical(leg.amount, scales.get(leg.currency)) };
    const at = asked.length === 1 ? '' : `legs[${n}].`;
    return LEG_FIELDS.filter((field) => !same(due[field], recorded[n]?.[field])).map(
      (field) => at + field,
    );
  });
}

export function canonicalCondition(condition: ConditionAsked, books: Books): ConditionAsked {
  const scale = books.latest(condition.account)?.scale;
  const bounds = (asked: ConditionAsked['balance']) =>
    Object.fromEntries(
      (['gte', 'lte', 'eq'] as const).flatMap((bound) => {
        const amount = asked?.[bound];
        return amount === undefined ? [] : [[bound, canonical(amount, scale)]];
      }),
    );
  const { balance, available } = condition;
  return {
    account: condition.account,
    ...(condition.version !== undefined && { version: condition.version }),
    ...(balance && { balance: bounds(balance) }),
    ...(available && { available: bounds(available) }),
  };
}

function partDifferences(
  { amount, parts, transfer }: { amount?: string; parts?: readonly PartAsked[]; transfer: string },
  recorded: readonly PartAsked[] | null,
  books: Books,
): string[] {
  if (amount !== undefined && parts) return ['parts'];
  const asked = amount === undefined ? (parts ?? null) : [{ leg: 0, amount }];
  const legs = books.transfers.get(transfer)?.legs ?? [];
  const inUnits = (list: readonly PartAsked[] | null) =>
    list?.map((part) => {
      const units = unitsOf(part.amount, legs[part.leg]?.scale ?? 0);
      return `${part.leg} ${units ?? part.amount}`;
    });
  if (same(inUnits(asked), inUnits(recorded))) return [];
  return [amount === undefined ? 'parts' : 'amount'];
}

type Pairs = Readonly<Record<string, string>>;

function pairDifferences(asked: Pairs, recorded: Pairs): string[] {
  return Object.keys({ ...recorded, ...asked })
    .filter((key) => asked[key] !== recorded[key])
    .map((key) => `metadata.${key}`);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export type OpenedRecord = Omit<AccountAsked, 'kind'>;

export function accountDifferences(
  asked: AccountAsked,
  data: OpenedRecord,
  { scales }: Books,
): string[] {
  const limit = (text: string | null) =>
    text === null ? null : canonical(text, scales.get(data.currency));
  const due = {
    type: asked.type,
    currency: asked.currency,
    overdraftLimit: limit(asked.overdraftLimit),
    balanceLimit: limit(asked.balanceLimit),
  };
  const fields = Object.keys(due) as (keyof typeof due)[];
  return [
    ...fields.filter((field) => due[field] !== data[field]),
    ...pairDifferences(asked.metadata, data.metadata),
  ];
}
