// Balances at any time, as functions of the schema `reporting`: for analysts, and for our own queries. Each
// looks once into every block that was known wholly, and reads the entries after the last of them.
import { signOf } from '../engine/normal-side.js';
import { type ReportingFunction } from '../engine/read-model.js';
import { BLOCK_LENGTH, LONG_BLOCK } from './table.js';

const LEDGER = { type: 'text', comment: 'Id of the ledger.' };
const ADDRESS = { type: 'text', comment: 'Address of the account.' };
const AT = {
  type: 'timestamptz',
  default: `'infinity'`,
  comment: 'What counts at this time or before it; everything by default.',
};
const KNOWN_AT = {
  type: 'timestamptz',
  default: `'infinity'`,
  comment: 'As far as it was recorded at this time or before it; everything by default.',
};
const REVISION = {
  type: 'bigint',
  comment: 'As far as it was recorded at this revision of the ledger or before it.',
};
const SUMS = {
  debits: { type: 'numeric', comment: 'Sum of the debits, in units of the currency.' },
  credits: { type: 'numeric', comment: 'Sum of the credits, in units of the currency.' },
};

/** The columns of the slice of a `block` in which the time `at` is, at that time. */
function pointOf(slices: string, { owner, at }: Record<'owner' | 'at', string>) {
  return `SELECT slice.debits[place] AS debits, slice.credits[place] AS credits FROM (
    SELECT debits, credits, width_bucket(${at}, effective_at) AS place FROM ${slices}
    WHERE ${owner} AND length = block.length AND block = block.block AND effective_from <= ${at}
    ORDER BY effective_from DESC LIMIT 1
  ) AS slice`;
}

/**
 * Common table expressions: `block`, the blocks that were known wholly at a revision, without those that a
 * long one stands for.
 */
function knownBlocks(blocks: string, owner: string, revision: string): string {
  const known = (length: number) => `SELECT * FROM ${blocks}
    WHERE ${owner} AND length = ${length} AND last_revision <= ${revision}`;
  return `long AS MATERIALIZED (${known(LONG_BLOCK * BLOCK_LENGTH)}),
    block AS MATERIALIZED (
      TABLE long UNION ALL
      ${known(BLOCK_LENGTH)} AND block >= ${LONG_BLOCK} * (SELECT count(*) FROM long)
    )`;
}

/** What an entry adds to the sums. */
const ADDED = `CASE side WHEN 'debit' THEN amount END AS debits,
  CASE side WHEN 'credit' THEN amount END AS credits`;

const knownRevision: ReportingFunction = {
  name: 'known_revision',
  comment:
    'Revision of the last event that posted anything and was recorded at that time or before it; -1 ' +
    'when there is none.',
  parameters: { ledger: LEDGER, known_at: KNOWN_AT },
  returns: { type: 'bigint', comment: 'A revision of the ledger.' },
  body: (schema) => `SELECT coalesce((
    SELECT revision FROM ${schema}.entry WHERE ledger = $1 AND recorded_at <= $2
    ORDER BY recorded_at DESC, revision DESC LIMIT 1), -1)`,
};

const accountSums: ReportingFunction = {
  name: 'account_sums',
  comment:
    'Everything posted to an account that counts by each of some times and was recorded by a revision. ' +
    'One row; its arrays are in the order of the times.',
  parameters: {
    ledger: LEDGER,
    address: ADDRESS,
    times: { type: 'timestamptz[]', comment: 'For each, what counts at this time or before it.' },
    revision: REVISION,
  },
  returns: {
    columns: {
      debits: { type: 'numeric[]', comment: 'Sums of the debits, in units of the currency.' },
      credits: { type: 'numeric[]', comment: 'Sums of the credits, in units of the currency.' },
    },
  },
  body: (schema) => `
    WITH asked AS MATERIALIZED (
      SELECT at, number FROM unnest($3) WITH ORDINALITY AS asked (at, number)
    ),
    ${knownBlocks(`${schema}.account_block`, 'ledger = $1 AND account = $2', '$4')},
    entry AS MATERIALIZED (
      SELECT effective_at, ${ADDED} FROM ${schema}.entry
      WHERE ledger = $1 AND account = $2 AND revision <= $4
        AND revision > coalesce((SELECT max(last_revision) FROM block), -1)
    )
    SELECT array_agg(debits ORDER BY number), array_agg(credits ORDER BY number) FROM (
      SELECT number, coalesce(sum(debits), 0) AS debits, coalesce(sum(credits), 0) AS credits
      FROM asked LEFT JOIN LATERAL (
        SELECT point.* FROM block, LATERAL (${pointOf(`${schema}.account_slice`, {
          owner: 'ledger = $1 AND account = $2',
          at: 'asked.at',
        })}) AS point
        UNION ALL
        SELECT debits, credits FROM entry WHERE effective_at <= asked.at
      ) AS part ON true
      GROUP BY number
    ) AS summed`,
};

const balanceAsOf: ReportingFunction = {
  name: 'balance_as_of',
  comment:
    'The balance of an account at a time, as it was known at a time, in units of its currency; null ' +
    'when there is no such account.',
  parameters: { ledger: LEDGER, address: ADDRESS, at: AT, known_at: KNOWN_AT },
  returns: { type: 'numeric', comment: "On the account's normal side, in units of the currency." },
  body: (schema) => `
    SELECT round(${signOf('type')} * (debits[1] - credits[1]), scale)
    FROM ${schema}.account,
      reporting.account_sums($1, $2, ARRAY[$3], reporting.known_revision($1, $4))
    WHERE ledger = $1 AND address = $2`,
};

const trialBalanceAsOf: ReportingFunction = {
  name: 'trial_balance_as_of',
  comment:
    'The trial balance at a time, as it was known at a time: one row per currency and type of account. ' +
    'The debits of a currency always equal its credits.',
  parameters: { ledger: LEDGER, at: AT, known_at: KNOWN_AT },
  returns: {
    columns: {
      currency: { type: 'text', comment: 'The currency of the accounts.' },
      type: { type: 'text', comment: 'Their type: asset, liability, equity, income or expense.' },
      accounts: { type: 'bigint', comment: 'How many of them were open at known_at.' },
      ...SUMS,
    },
  },
  body: (schema) => `
    WITH known AS MATERIALIZED (SELECT reporting.known_revision($1, $3) AS revision),
    ${knownBlocks(`${schema}.ledger_block`, 'ledger = $1', '(SELECT revision FROM known)')},
    owner AS MATERIALIZED (
      SELECT currency, type, min(scale) AS scale, count(*) AS accounts FROM ${schema}.account
      WHERE ledger = $1 AND opened_at <= $3 GROUP BY currency, type
    )
    SELECT currency, type, accounts, round(coalesce(sum(debits), 0), scale),
      round(coalesce(sum(credits), 0), scale)
    FROM owner LEFT JOIN (
      SELECT currency, type, point.* FROM owner, block, LATERAL (${pointOf(`${schema}.type_slice`, {
        owner: 'ledger = $1 AND currency = owner.currency AND account_type = owner.type',
        at: '$2',
      })}) AS point
      UNION ALL
      SELECT currency, account_type, ${ADDED} FROM ${schema}.entry
      WHERE ledger = $1 AND effective_at <= $2 AND revision <= (SELECT revision FROM known)
        AND revision > coalesce((SELECT max(last_revision) FROM block), -1)
        AND recorded_at >= coalesce((SELECT max(recorded_at) FROM block), '-infinity')
        AND recorded_at <= $3
    ) AS part USING (currency, type)
    GROUP BY currency, type, accounts, scale ORDER BY currency, type`,
};

const statement: ReportingFunction = {
  name: 'statement',
  comment:
    'The statement of an account over a period: a line "opening", one line for each entry that counts ' +
    'in it, in the order in which they count, and a line "closing" with the totals.',
  parameters: {
    ledger: LEDGER,
    address: ADDRESS,
    since: {
      type: 'timestamptz',
      default: `'-infinity'`,
      comment: 'The beginning of the period, which is part of it.',
    },
    before: {
      type: 'timestamptz',
      default: `'infinity'`,
      comment: 'The end of the period, which is not part of it.',
    },
    known_at: KNOWN_AT,
  },
  returns: {
    columns: {
      line: { type: 'text', comment: 'opening, entry or closing.' },
      effective_at: { type: 'timestamptz', comment: 'When it counts.' },
      debit: { type: 'numeric', comment: 'What was debited; of the closing line, all of it.' },
      credit: { type: 'numeric', comment: 'What was credited; of the closing line, all of it.' },
      balance: { type: 'numeric', comment: 'Right after the line, on the normal side.' },
      transfer_id: { type: 'text', comment: 'The transfer that the entry is of.' },
      counterparty: { type: 'text', comment: 'The account on the other side.' },
      description: { type: 'text', comment: 'What the caller wrote about it.' },
      recorded_at: { type: 'timestamptz', comment: 'When it was recorded.' },
      revision: { type: 'bigint', comment: 'Of the event that posted it.' },
    },
  },
  body: (schema) => `
    WITH known AS MATERIALIZED (SELECT reporting.known_revision($1, $5) AS revision),
    account AS MATERIALIZED (
      SELECT scale, ${signOf('type')} AS sign,
        debits[1] AS debits, credits[1] AS credits
      FROM ${schema}.account, known,
        reporting.account_sums($1, $2, ARRAY[$3 - interval '1 microsecond'], known.revision)
      WHERE ledger = $1 AND address = $2
    ),
    entry AS MATERIALIZED (
      SELECT *, CASE side WHEN 'debit' THEN amount ELSE 0 END AS debit,
        CASE side WHEN 'credit' THEN amount ELSE 0 END AS credit
      FROM ${schema}.entry
      WHERE ledger = $1 AND account = $2 AND effective_at >= $3 AND effective_at < $4
        AND revision <= (SELECT revision FROM known)
    )
    SELECT line, effective_at, debit, credit, round(balance, scale), transfer_id, counterparty,
      description, recorded_at, revision
    FROM (
      SELECT 0 AS part, 'opening' AS line, $3 AS effective_at, NULL::numeric AS debit,
        NULL::numeric AS credit, sign * (debits - credits) AS balance, NULL AS transfer_id,
        NULL AS counterparty, NULL AS description, NULL::timestamptz AS recorded_at,
        NULL::bigint AS revision, NULL::integer AS batch_index, NULL::integer AS leg, scale
      FROM account
      UNION ALL
      SELECT 1, 'entry', effective_at, nullif(debit, 0), nullif(credit, 0),
        sign * (debits - credits + sum(debit - credit)
          OVER (ORDER BY effective_at, revision, batch_index, leg)), transfer_id, counterparty,
        description, recorded_at, revision, batch_index, leg, scale
      FROM entry, account
      UNION ALL
      SELECT 2, 'closing', $4, round(coalesce(sum(debit), 0), scale),
        round(coalesce(sum(credit), 0), scale),
        sign * (debits - credits + coalesce(sum(debit - credit), 0)),
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, scale
      FROM account LEFT JOIN entry ON true GROUP BY scale, sign, debits, credits
    ) AS line
    ORDER BY part, effective_at, revision, batch_index, leg`,
};

export const BALANCE_FUNCTIONS: readonly ReportingFunction[] = [
  ...[knownRevision, accountSums, balanceAsOf, trialBalanceAsOf, statement],
];
