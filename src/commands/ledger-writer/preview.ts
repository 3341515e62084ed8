// What commands would come to, without a trace: decided by the same code on the same state, in a layer
// that is thrown away.
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { EventStoreUnavailable } from '../../event-store/event-store.js';
import { type Request, type Verdict, decideGroup } from './decide-group.js';
import { type FoldedLedger } from './folded-ledger.js';
import { type CommandOutcome } from './ledger-writers.js';
import { newOutcome, repeatedOutcome } from './outcomes.js';

/**
 * One outcome for each request, in order; later ones see earlier ones. `folded` is brought up to date and
 * must not change meanwhile. Throws EventStoreUnavailable.
 */
export async function preview(
  folded: FoldedLedger,
  requests: readonly Request[],
): Promise<CommandOutcome[]> {
  await folded.catchUp();
  const recalled = await folded.recall(requests.map(({ command }) => command));
  const { stream } = folded;
  let group = decideGroup(folded, requests, recalled);
  const verdicts: Verdict<Request>[] = [...group.verdicts];
  while (verdicts.length < requests.length) {
    const { layer: state, hash } = group;
    group = decideGroup({ stream, state, hash }, requests.slice(verdicts.length));
    verdicts.push(...group.verdicts);
  }
  const events = await eventsDecidedBy(folded, verdicts);
  return verdicts.map((verdict) => {
    if (verdict.kind !== 'decided') return newOutcome(verdict);
    const { request, revision } = verdict;
    const event = events.get(revision);
    if (!event) throw new EventStoreUnavailable(`revision ${revision} could not be read again`);
    return repeatedOutcome(folded.state, request.command, { event, revision });
  });
}

/** The events that repeated commands were decided by: in the log, or only in the layer. */
async function eventsDecidedBy(
  folded: FoldedLedger,
  verdicts: readonly Verdict<Request>[],
): Promise<ReadonlyMap<number, LedgerEvent>> {
  const older = verdicts.flatMap((verdict) =>
    verdict.kind === 'decided' && verdict.revision <= folded.state.revision
      ? [verdict.revision]
      : [],
  );
  const events = await folded.eventsAt(older);
  for (const verdict of verdicts) {
    if (verdict.kind === 'event') events.set(verdict.revision, verdict.event);
  }
  return events;
}
