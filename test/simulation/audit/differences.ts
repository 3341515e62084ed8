// In which fields what is recorded differs from what a request asks for; none when it is the same.
import { canonical } from './amounts.js';
import { type Books } from './books.js';
import { type AccountAsked, type TransferAsked } from '../requests.js';
import { type TransferData } from './transfer-events.js';

const LEG_FIELDS = ['debit', 'credit', 'amount', 'currency'] as const;

/** Named as in the request: one leg stands at the top of it. */
export function transferDifferences(
  { legs, effectiveAt, reference, description, metadata }: TransferAsked,
  data: TransferData,
  books: Books,
): string[] {
  const time = effectiveAt === undefined ? data.recordedAt : new Date(effectiveAt).toISOString();
  return [
    ...legDifferences(legs, data.legs, books),
    ...(time === data.effectiveAt ? [] : ['effectiveAt']),
    ...((reference ?? null) === data.reference ? [] : ['reference']),
    ...((description ?? null) === data.description ? [] : ['description']),
    ...pairDifferences(metadata ?? {}, data.metadata),
  ];
}

function legDifferences(
  asked: TransferAsked['legs'],
  recorded: TransferData['legs'],
  { scales }: Books,
): string[] {
  if (asked.length !== recorded.length) return ['legs'];
  return asked.flatMap((leg, n) => {
    const same = { ...leg, amount: canonical(leg.amount, scales.get(leg.currency)) };
    const at = asked.length === 1 ? '' : `legs[${n}].`;
    return LEG_FIELDS.filter((field) => same[field] !== recorded[n]?.[field]).map(
      (field) => at + field,
    );
  });
}

type Pairs = Readonly<Record<string, string>>;

function pairDifferences(asked: Pairs, recorded: Pairs): string[] {
  return Object.keys({ ...recorded, ...asked })
    .filter((key) => asked[key] !== recorded[key])
    .map((key) => `metadata.${key}`);
}

export type OpenedRecord = Omit<AccountAsked, 'kind'>;

export function accountDifferences(
  asked: AccountAsked,
  data: OpenedRecord,
  { scales }: Books,
): string[] {
  const limit = (text: string | null) =>
    text === null ? null : canonical(text, scales.get(data.currency));
  const same = {
    type: asked.type,
    currency: asked.currency,
    overdraftLimit: limit(asked.overdraftLimit),
    balanceLimit: limit(asked.balanceLimit),
  };
  const fields = Object.keys(same) as (keyof typeof same)[];
  return [
    ...fields.filter((field) => same[field] !== data[field]),
    ...pairDifferences(asked.metadata, data.metadata),
  ];
}
