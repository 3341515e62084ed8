// JSON schemas: Fastify checks requests by them, and writes answers with what it compiles from them.

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const optionalText = (maxLength: number) => ({ ...text(maxLength), nullable: true });
const metadata = { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 50 };
const TRANSFERS_MAX = 1_000;
const LEDGER_PATTERN = '^[a-z0-9][a-z0-9-]{0,62}$';
const ADDRESS_PATTERN = '^[a-zA-Z0-9_-]+(:[a-zA-Z0-9_-]+){0,9}$';
const AMOUNT_PATTERN = '^(0|[1-9][0-9]{0,15})(\\.[0-9]{1,2})?$';

const address = { ...text(255), pattern: ADDRESS_PATTERN };
const leg = {
  debit: address,
  credit: address,
  amount: { type: 'string', pattern: AMOUNT_PATTERN },
  currency: text(16),
};

export const ledgerParams = {
  type: 'object',
  required: ['ledger'],
  properties: { ledger: { type: 'string', pattern: LEDGER_PATTERN } },
};

export const accountParams = {
  ...ledgerParams,
  required: ['ledger', 'address'],
  properties: { ...ledgerParams.properties, address },
};

export const transferBody = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'debit', 'credit', 'amount', 'currency'],
  properties: {
    id: text(64),
    ...leg,
    effectiveAt: { type: 'string', format: 'date-time', nullable: true },
    reference: optionalText(255),
    description: optionalText(1_000),
    metadata: { ...metadata, nullable: true },
  },
};

export const batchBody = {
  type: 'object',
  additionalProperties: false,
  required: ['atomic', 'transfers'],
  properties: {
    atomic: { type: 'boolean' },
    id: optionalText(64),
    transfers: { type: 'array', minItems: 1, maxItems: TRANSFERS_MAX, items: transferBody },
  },
};

const string = { type: 'string' };
const nullable = { type: 'string', nullable: true };
const meta = {
  type: 'object',
  properties: { requestId: string, timestamp: string, revision: { type: 'integer' } },
};
const balances = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      ...{ account: string, currency: string, version: { type: 'integer' } },
      ...{ balance: string, available: string },
    },
  },
};
const transfer = {
  type: 'object',
  properties: {
    id: string,
    state: string,
    legs: {
      type: 'array',
      items: {
        type: 'object',
        properties: { debit: string, credit: string, amount: string, currency: string },
      },
    },
    effectiveAt: string,
    recordedAt: string,
    revision: { type: 'integer' },
    reference: nullable,
    description: nullable,
    metadata,
    balances,
  },
};
const envelope = (data: object) => ({ type: 'object', properties: { data, meta } });

export const transferAnswer = envelope(transfer);

export const outcomesAnswer = envelope({
  type: 'array',
  items: {
    type: 'object',
    properties: {
      status: { type: 'integer' },
      replayed: { type: 'boolean' },
      transfer,
      error: { type: 'object', properties: { code: string, message: string } },
    },
  },
});

export const batchAnswer = envelope({
  type: 'object',
  properties: {
    ...{ id: string, recordedAt: string, revision: { type: 'integer' } },
    transfers: { type: 'array', items: transfer },
  },
});

export const accountAnswer = envelope({
  type: 'object',
  properties: {
    ...{ address: string, type: string, currency: string, version: { type: 'integer' } },
    ...{ balance: string, available: string, overdraftLimit: nullable },
  },
});
