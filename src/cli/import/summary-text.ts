// An import's outcome for people: a line of counts, then what has to be changed, by line of the file.
import { type ImportSummary } from './import-file.js';
import { type ImportProblem } from './tally.js';

const ADDED = { accounts: 'opened', transfers: 'posted' } as const;

export function summaryText(
  summary: ImportSummary & { readonly file: string; readonly ledger: string },
): string {
  const { file, ledger, kind, total, added, alreadyThere, rejected, problemsOmitted } = summary;
  const refused = Object.entries(summary.refused).map(([code, count]) => `${count} ${code}`);
  const counts = [
    `${added} ${ADDED[kind]}`,
    `${alreadyThere} already there`,
    refused.length > 0 ? `refused: ${refused.join(', ')}` : '0 refused',
    `${rejected} rejected`,
  ];
  const more = problemsOmitted > 0 ? [`... and ${problemsOmitted} more problems`] : [];
  return [
    `${file} into ledger "${ledger}": ${total} ${kind}, of them ${counts.join(', ')}.`,
    ...summary.problems.map(problemText),
    ...more,
  ].join('\n');
}

function problemText({ line, field, problem, expected, code }: ImportProblem): string {
  const place = field === null ? `line ${line}` : `line ${line}, ${field}`;
  const told = code === null ? problem : `${problem} [${code}]`;
  return expected === '' ? `${place}: ${told}` : `${place}: ${told}; expected ${expected}`;
}
