// Old events are never rewritten: when a type changes its shape, a step here turns the data of the
// version before into the next, so that everything behind the codec sees only the newest shape.
import { type JsonObject } from '../event-store.js';
import { ledgerOpenedV1ToV2 } from './ledger-opened.v1-to-v2.js';
import { type Upcaster } from './upcaster.js';

/** One file per step beside this one, listed here. */
const UPCASTERS: readonly Upcaster[] = [ledgerOpenedV1ToV2];

/** The version in which events of this type are written today. */
export function currentVersion(type: string, upcasters: readonly Upcaster[] = UPCASTERS): number {
  return upcasters.reduce(
    (newest, step) => (step.type === type ? Math.max(newest, step.from + 1) : newest),
    1,
  );
}

/** The data of an event stored in `version`, in the newest shape. Throws RangeError on an unknown version. */
export function upcast(
  type: string,
  version: number,
  data: JsonObject,
  upcasters: readonly Upcaster[] = UPCASTERS,
): JsonObject {
  const newest = currentVersion(type, upcasters);
  if (!Number.isInteger(version) || version < 1 || version > newest) {
    throw new RangeError(`${type} in version ${version} cannot be read; known are 1 to ${newest}`);
  }
  let current = data;
  for (let from = version; from < newest; from += 1) {
    const step = upcasters.find((candidate) => candidate.type === type && candidate.from === from);
    if (!step) throw new RangeError(`No upcaster reads ${type} in version ${from}`);
    current = step.upcast(current);
  }
  return current;
}
