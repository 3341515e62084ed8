// Format `jsonl`: the events of a ledger as the log has them.
import { EVENTS_NAME, lineOf } from './event-lines.js';
import { type ExportJob, type Exported } from './export-job.js';
import { chainedEvents, lastEvent } from './ledger-log.js';
import { type EventPlace, placeOf } from './manifest.js';

/** `range` is about when events were recorded. The chain is checked from its beginning. */
export async function exportEvents(job: ExportJob): Promise<Exported> {
  const { store, ledger, range, output } = job;
  const through = (await lastEvent(store, ledger)).revision;
  const progress = job.progress('events', through + 1);
  const file = await output.file(EVENTS_NAME);
  let [first, last]: EventPlace[] = [];
  for await (const stored of chainedEvents(store, ledger, through)) {
    progress.update(stored.revision + 1);
    const recordedAt = String(stored.data['recordedAt']);
    if (range.from !== null && recordedAt < range.from) continue;
    // Times of recording never go back within a ledger.
    if (range.to !== null && recordedAt >= range.to) break;
    await file.writeRow(lineOf(stored));
    last = placeOf(stored);
    first ??= last;
  }
  const events = first && last ? { first, last } : null;
  return { axis: 'recorded', events, files: [await file.close()] };
}
