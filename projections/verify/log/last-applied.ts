import { ReadModelsUnavailable, type ReadModels } from '../../engine/queries.js';

/** An event of a ledger. */
export interface AppliedPlace {
  readonly revision: number;
  readonly id: string;
}

/** What the read models know of a ledger. */
export type Applied =
  /** The last event applied; undefined when there is no such ledger. */
  | { readonly isKnown: true; readonly last: AppliedPlace | undefined }
  /** They do not answer, or there are none. */
  | { readonly isKnown: false; readonly last: undefined };

export async function lastApplied(readModels: ReadModels, ledger: string): Promise<Applied> {
  try {
    const [row] = await readModels.rows<{ revision: string; id: string }>(
      'SELECT revision, event_id AS id FROM reporting.ledger WHERE ledger = $1',
      [ledger],
    );
    return { isKnown: true, last: row && { id: row.id, revision: Number(row.revision) } };
  } catch (error) {
    if (!(error instanceof ReadModelsUnavailable)) throw error;
    return { isKnown: false, last: undefined };
  }
}
