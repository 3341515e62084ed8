// `daybook eventstore verify`: whether a log, or a copy of one, is whole.
import { openLogSnapshot } from '../../embedded/event-node/store/log-snapshot.js';
import { verifyLog, type LogReport } from '../../embedded/event-node/store/verify-log.js';
import { FindingsTold } from '../../platform/failure.js';
import { createTerminal, grouped } from '../terminal.js';

/** Throws FindingsTold if it is not. */
export async function verify(folder: string, { json }: { json?: true }): Promise<void> {
  const terminal = createTerminal({ json: json ?? false });
  const snapshot = await openLogSnapshot(folder);
  const progress = terminal.progress('Reading', 1);
  try {
    const onProgress = (done: number, total: number) => progress.update(done, total);
    const report = verifyLog(snapshot, { onProgress });
    progress.stop();
    terminal.result(report, textOf(folder, report));
    if (report.findingCount > 0) throw new FindingsTold();
  } finally {
    progress.stop();
    await snapshot.close();
  }
}

function textOf(folder: string, { events, streams, findings, findingCount }: LogReport): string {
  const size = `${grouped(events)} events of ${grouped(streams)} streams`;
  if (findingCount === 0) return `${folder} is whole: ${size}.`;
  const shown = findings.map((finding) => `  ${finding}`);
  return [`${folder} is damaged: ${size}, ${grouped(findingCount)} findings`, ...shown].join('\n');
}
