// Ids for transfers of files that have no column `id`. An id is made of what its row says and of nothing
// else: the same file imported again, also with rows corrected, added, removed or moved, names the same
// transfers. Rows of one file that say the same are told apart by counting them.
import { v5 as uuidv5 } from 'uuid';

/** Names the ids of this importer among all UUIDs made of names; never to be changed. */
const NAMESPACE = 'dc910316-0b19-4ca3-be94-29cfea94b3b6';

export type DeriveId = (fields: ReadonlyMap<string, string>) => string;

/**
 * Derives the ids of one file's rows, in the order of the file. Remembers one id per row, as the ledger
 * itself remembers the id of every transfer.
 * @returns what takes a row's cells by column; neither the order of columns nor empty cells matter.
 */
export function idsFromContent(ledger: string): DeriveId {
  const timesSeen = new Map<string, number>();
  return (fields) => {
    const said = [...fields].filter(([, cell]) => cell !== '').sort(([a], [b]) => (a < b ? -1 : 1));
    const id = uuidv5(JSON.stringify([ledger, said]), NAMESPACE);
    const earlier = timesSeen.get(id) ?? 0;
    timesSeen.set(id, earlier + 1);
    return earlier === 0 ? id : uuidv5(`again ${earlier}`, id);
  };
}
