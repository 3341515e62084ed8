import { EVENT_PLACE, STALE_SINCE, type View, withStaleness } from '../engine/read-model.js';

export const ledgerView: View = {
  name: 'ledger',
  comment: 'One row per ledger: a set of books of its own.',
  key: ['ledger'],
  columns: {
    ledger: 'Id of the ledger.',
    name: 'Name of the ledger, for people.',
    assets:
      'Currencies beyond ISO 4217 that were registered when it was opened: a JSON array of ' +
      '{code, scale}, scale being the number of decimals.',
    opened_at: 'When the ledger was opened.',
    revision: `${EVENT_PLACE.revision} Of the last event applied: all views reflect the ledger up to here.`,
    position: `${EVENT_PLACE.position} Of the last event applied.`,
    event_id: `${EVENT_PLACE.event_id} Of the last event applied.`,
    rules:
      'What the ledger asks of transfers, as JSON: uniqueReferences (a reference may be used once ' +
      'only), pastDaysMax and futureDaysMax (how far from its recording a transfer may count; null is ' +
      'without limit).',
    closed_through:
      'The last closed day (UTC): no transfer may count on it or before it any more. Null when no day ' +
      'is closed.',
    recorded_at: 'When the last event applied was recorded.',
    ...STALE_SINCE,
  },
  select: (schema, generation) => `SELECT * FROM ${withStaleness(`${schema}.ledger`, generation)}`,
};
