// What a hot path may take, counted. Most bounds are what it takes: nothing but the code decides that. Those
// with room say how much, and why.
export const BOUNDS = {
  /** Commands of one ledger that wait together are one group: so many may be in one. */
  appendsOf500Commands: 1,
  /** Two such groups; their events fit into the 1 MB that a store takes at once. */
  appendsOfABatchOf1000: 2,
  /** It is one event. */
  appendsOfAnAtomicBatchOf1000: 1,
  /** What a writer decides on is in its memory, and appends go over a call that is open already. */
  callsOfAResidentWriter: 0,
  /** Data, metadata, place and hashes: each of them once, for the hash, the size and the store. */
  jsonPerEvent: 4,
  /** Data and metadata: 920 with one leg and ids of 36 characters, and a tenth more for a field. */
  eventBytes: 1_012,
  /** What the message of an append adds to each event, its id, type and lengths: 107, and a tenth more. */
  envelopeBytes: 118,

  /** Accounts and ledgers, transfers that are acted on, rows with checkpoint: one statement each. */
  roundTripsOfABatch: 3,
  /** What the projector booked before it knows; only the rows are written. */
  roundTripsOfABatchOfKnownAccounts: 1,
  /** The statement that writes them is called by its name. */
  parsesOfAKnownStatement: 0,
  /** Of a backlog of 1,000 events: 6 to 8. The room is for a log that comes slowly, in smaller batches. */
  roundTripsOfFollowing: 60,
  /** Rows and indexes of all read models: 1,680 to 1,710, and 6% more, as pages are split by chance. */
  readModelBytes: 1_810,

  /** What an answer reflects is asked in the same statement. */
  roundTripsOfAQuery: 1,
  rowsOfAnAccount: 1,
  /** Of an account with 3,000 entries: 1,033 and 974, as its sums are kept for each 1,024; a tenth more. */
  rowsOfAStatementPage: 1_140,
  rowsOfABalanceAtADate: 1_070,
  /** Of the large tables. */
  rowsReadInSequence: 0,

  /** Of a request like one before: the checks of its fields and its token are remembered. */
  validatorLookups: 0,
  signaturesVerified: 0,
} as const;
