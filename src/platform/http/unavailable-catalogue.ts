// What the service cannot answer now, but may soon. Part of the error catalogue.
import { type CatalogueEntry } from './catalogue-entry.js';

export const UNAVAILABLE_CODES = [
  'LEDGER_BUSY',
  'OUTCOME_UNKNOWN',
  'EVENT_STORE_UNAVAILABLE',
  'READ_MODEL_UNAVAILABLE',
  'READ_MODEL_BEHIND',
  'NOT_READY',
  'SHUTTING_DOWN',
  'EXPLANATION_UNAVAILABLE',
  'TOKEN_KEYS_UNAVAILABLE',
] as const;

export const UNAVAILABLE: Readonly<Record<(typeof UNAVAILABLE_CODES)[number], CatalogueEntry>> = {
  LEDGER_BUSY: {
    number: 'DBK-5002',
    status: 503,
    retryAfterSeconds: 1,
    meaning:
      'More commands wait for the ledger than may, or other processes came first for half a minute ' +
      'without a break. Nothing was recorded.',
    remedy: 'Send the same request again after `Retry-After` seconds.',
  },
  OUTCOME_UNKNOWN: {
    number: 'DBK-5003',
    status: 503,
    retryAfterSeconds: 2,
    meaning: 'The event store did not say whether it took the command.',
    remedy:
      'Send the same request again with the same id, or the one in `details.id`: it is recorded once, and the answer tells.',
  },
  EVENT_STORE_UNAVAILABLE: {
    number: 'DBK-5004',
    status: 503,
    retryAfterSeconds: 2,
    meaning: 'The event store does not answer. This request recorded nothing.',
    remedy: 'Send the same request again after `Retry-After` seconds. Queries go on.',
  },
  READ_MODEL_UNAVAILABLE: {
    number: 'DBK-5005',
    status: 503,
    retryAfterSeconds: 2,
    meaning: 'Postgres, which answers the queries, does not answer.',
    remedy: 'Ask again after `Retry-After` seconds. Commands go on.',
  },
  READ_MODEL_BEHIND: {
    number: 'DBK-5006',
    status: 503,
    retryAfterSeconds: 1,
    meaning: 'The read model has not reached the revision asked for with `minRevision`.',
    remedy:
      'Ask again after `Retry-After` seconds, or ask for less: `details` tell the revision reached, ' +
      'how many events are missing, and where the ledger itself ends.',
  },
  NOT_READY: {
    number: 'DBK-5007',
    status: 503,
    retryAfterSeconds: 2,
    meaning: 'Something that the service depends on is missing; `details.missing` says what.',
    remedy: 'Start what is missing.',
  },
  SHUTTING_DOWN: {
    number: 'DBK-5008',
    status: 503,
    retryAfterSeconds: 1,
    meaning: 'This process is being stopped and takes no new requests. Nothing was recorded.',
    remedy: 'Send the same request again; another process, or this one restarted, answers it.',
  },
  EXPLANATION_UNAVAILABLE: {
    number: 'DBK-5009',
    status: 503,
    retryAfterSeconds: 5,
    meaning:
      'Explaining folds the ledger again up to the decision; too many ask for it at once, or it takes too long.',
    remedy:
      'Ask again after `Retry-After` seconds. What a refusal has seen is in its `evidence` as well.',
  },
  TOKEN_KEYS_UNAVAILABLE: {
    number: 'DBK-5010',
    status: 503,
    retryAfterSeconds: 5,
    meaning:
      'The keys to verify the token with cannot be had now from where they are published (`JWKS_URL`). ' +
      'Nothing was recorded.',
    remedy: 'Send the same request again after `Retry-After` seconds.',
  },
};
