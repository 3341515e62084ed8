// Every code that an answer can carry, with its number, its HTTP status and what to do about it. The only
// place that knows HTTP statuses. Numbers are for ever: 1xxx the request is wrong, 2xxx the books say
// no, 5xxx the service cannot answer now. `docs/errors.md` is generated from this file.
import { type RefusalCode, type RejectionCode } from '../../domain/errors.js';
import { type CatalogueEntry } from './catalogue-entry.js';
import { REFUSALS } from './refusal-catalogue.js';
import { UNAVAILABLE, UNAVAILABLE_CODES } from './unavailable-catalogue.js';

/** Codes that do not come from the domain. */
export const SERVICE_CODES = [
  'INVALID_REQUEST',
  'INVALID_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'INVALID_URL',
  'INVALID_CURSOR',
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'TOO_MANY_STREAMS',
  'INTERNAL',
  ...UNAVAILABLE_CODES,
] as const;
export type ServiceCode = (typeof SERVICE_CODES)[number];
export type ErrorCode = ServiceCode | RejectionCode | RefusalCode;

export const ERROR_CATALOGUE: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  INVALID_REQUEST: {
    number: 'DBK-1001',
    status: 400,
    meaning:
      'A field of the body, the query, the path or a header is missing, unknown or malformed.',
    remedy: 'Correct every field in `details.fields`; each says what would be right.',
  },
  INVALID_JSON: {
    number: 'DBK-1002',
    status: 400,
    meaning:
      'The body is empty or not JSON, or has a key that could change how it is read (`__proto__`).',
    remedy: 'Send one JSON object in UTF-8.',
  },
  BODY_TOO_LARGE: {
    number: 'DBK-1003',
    status: 413,
    meaning: 'The body is larger than 1 MiB; that of a batch, than 2 MiB.',
    remedy: 'Send less in one request.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    number: 'DBK-1004',
    status: 415,
    meaning: 'The body is not declared to be JSON.',
    remedy: 'Send `Content-Type: application/json`.',
  },
  INVALID_URL: {
    number: 'DBK-1005',
    status: 400,
    meaning: 'The URL has a broken percent-encoding, or a part that is too long.',
    remedy: 'Percent-encode each part of the path, once.',
  },
  INVALID_CURSOR: {
    number: 'DBK-1006',
    status: 400,
    meaning: 'The cursor was not given out by this list, or was changed.',
    remedy: 'Pass `meta.nextCursor` of the page before as it is, or begin again without a cursor.',
  },
  ROUTE_NOT_FOUND: {
    number: 'DBK-1007',
    status: 404,
    meaning: 'There is nothing at this path.',
    remedy: 'See `/docs` for what there is.',
  },
  METHOD_NOT_ALLOWED: {
    number: 'DBK-1008',
    status: 405,
    meaning: 'The path exists, but not for this method.',
    remedy: 'Use one of the methods in the `Allow` header.',
  },
  UNAUTHENTICATED: {
    number: 'DBK-1101',
    status: 401,
    meaning: 'There is no bearer token, or it is expired, forged or lacks a claim.',
    remedy: 'Send `Authorization: Bearer <token>` with a token that is valid now.',
  },
  FORBIDDEN: {
    number: 'DBK-1102',
    status: 403,
    meaning: "The token's role may not do this.",
    remedy: 'Use a token with one of the roles in `details.roles`.',
  },
  TOO_MANY_STREAMS: {
    number: 'DBK-1103',
    status: 429,
    retryAfterSeconds: 10,
    meaning: 'This caller, or all callers together, have as many event streams open as they may.',
    remedy: 'Close streams that nobody reads; `details` tell the limits. Share one among readers.',
  },
  LEDGER_NOT_FOUND: {
    number: 'DBK-1201',
    status: 404,
    meaning: 'There is no such ledger, or the token does not name it.',
    remedy: "Check the ledger's id and the token's `ledgers`.",
  },
  ACCOUNT_NOT_FOUND: {
    number: 'DBK-1202',
    status: 404,
    meaning: 'There is no account with this address in the ledger.',
    remedy:
      'Check the address; after opening the account, wait for its revision with `minRevision`.',
  },
  TRANSFER_NOT_FOUND: {
    number: 'DBK-1203',
    status: 404,
    meaning: 'There is no transfer with this id in the ledger.',
    remedy: 'Check the id; after posting the transfer, wait for its revision with `minRevision`.',
  },
  INVALID_LEDGER: {
    number: 'DBK-1301',
    status: 400,
    meaning: 'The ledger cannot be opened as described.',
    remedy: 'Correct every field in `details.fields`.',
  },
  INVALID_ACCOUNT: {
    number: 'DBK-1302',
    status: 400,
    meaning: 'The account cannot be opened or changed as described.',
    remedy: 'Correct every field in `details.fields`.',
  },
  INVALID_TRANSFER: {
    number: 'DBK-1303',
    status: 400,
    meaning: 'The transfer cannot be posted as described.',
    remedy: 'Correct every field in `details.fields`.',
  },
  INVALID_AMOUNT: {
    number: 'DBK-1304',
    status: 400,
    meaning:
      'An amount is not a plain decimal greater than zero, or has more decimals than its currency.',
    remedy: 'Write amounts as strings of decimal digits, such as "12.50".',
  },
  UNKNOWN_CURRENCY: {
    number: 'DBK-1305',
    status: 400,
    meaning: 'A currency is neither in ISO 4217 nor an asset of the ledger.',
    remedy: 'Use an ISO 4217 code, or register the asset when the ledger is opened.',
  },
  SAME_ACCOUNT: {
    number: 'DBK-1306',
    status: 400,
    meaning: 'A leg debits and credits the same account.',
    remedy: 'Name two different accounts.',
  },
  INVALID_BATCH: {
    number: 'DBK-1307',
    status: 400,
    meaning: 'A batch has no transfers, too many, or two under the same id.',
    remedy: 'Correct every field in `details.fields`.',
  },
  BATCH_TOO_LARGE: {
    number: 'DBK-1308',
    status: 413,
    meaning: 'An atomic batch is recorded as one event, and this one would not fit into it.',
    remedy: 'Send it in smaller batches, or with less metadata and shorter descriptions.',
  },
  INVALID_PERIOD: {
    number: 'DBK-1309',
    status: 400,
    meaning: 'The days named cannot be closed, or are not closed.',
    remedy: 'Correct the field in `details.fields`.',
  },
  LEDGER_EXISTS: {
    number: 'DBK-1401',
    status: 409,
    meaning: 'The ledger exists and was opened differently.',
    remedy: 'Use another id, or ask for what was opened; `details.fields` names what differs.',
  },
  ACCOUNT_EXISTS: {
    number: 'DBK-1402',
    status: 409,
    meaning: 'The account exists and was opened differently.',
    remedy: 'Use another address, or ask for what was opened; `details.fields` names what differs.',
  },
  TRANSFER_ID_REUSED: {
    number: 'DBK-1403',
    status: 409,
    meaning:
      'A different request was decided under this id, or this `Idempotency-Key`: another transfer, or another kind of request.',
    remedy: 'Give a new request a new id; `details.fields` names what differs.',
  },
  VERSION_MISMATCH: {
    number: 'DBK-1404',
    status: 412,
    meaning:
      'The account is not at the version in `If-Match`: it was changed since. Nothing was recorded.',
    remedy:
      'Read the account again, and decide anew; `details.evidence` has it as it was seen, with its version.',
  },
  UNKNOWN_ACCOUNT: {
    number: 'DBK-1501',
    status: 422,
    meaning: 'A leg names an account that was never opened. Nothing was recorded.',
    remedy: 'Open the account first; the same transfer id may then be used.',
  },
  CURRENCY_MISMATCH: {
    number: 'DBK-1502',
    status: 422,
    meaning: 'A leg moves another currency than its account keeps. Nothing was recorded.',
    remedy: "Use the account's currency, or an account that keeps this one.",
  },
  ACCOUNT_NOT_EMPTY: {
    number: 'DBK-1503',
    status: 422,
    meaning:
      'An account that has a balance or pending transfers cannot be closed. Nothing was recorded.',
    remedy: 'Move what is on it first; `details.evidence` has the balances.',
  },
  ...REFUSALS,
  INTERNAL: {
    number: 'DBK-5001',
    status: 500,
    meaning: 'A defect of Daybook, or books that contradict themselves. Nothing more was changed.',
    remedy: 'Report it with the request id; the log has the rest.',
  },
  ...UNAVAILABLE,
};

export const ERROR_CODES = Object.keys(ERROR_CATALOGUE) as readonly ErrorCode[];
