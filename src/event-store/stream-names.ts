// The only place where stream names are built or taken apart.

/** Every ledger is one stream, `ledger-<id>`; subscriptions filter on this prefix on the server. */
export const LEDGER_STREAM_PREFIX = 'ledger-';

export function ledgerStream(ledger: string): string {
  return LEDGER_STREAM_PREFIX + ledger;
}

/** The ledger's id of a stream `ledger-<id>`. */
export function ledgerOfStream(stream: string): string {
  if (!stream.startsWith(LEDGER_STREAM_PREFIX)) {
    throw new RangeError(`"${stream}" is not the stream of a ledger`);
  }
  return stream.slice(LEDGER_STREAM_PREFIX.length);
}
