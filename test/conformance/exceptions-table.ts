// The part of docs/event-node.md that tells how the node differs, made from the exceptions.
import { EXCEPTIONS, type Exception } from './exceptions.js';

const BEGIN = '<!-- Made from test/conformance/exceptions.ts by `npm run docs:event-node`. -->';
const END = '<!-- Until here. -->';

/** The page with that part made anew. */
export function withExceptionTables(page: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from === -1 || to === -1) throw new Error(`${BEGIN} or ${END} is missing in the page`);
  const part = [
    tableOf('streams and users', EXCEPTIONS.streams),
    tableOf('persistent subscriptions', EXCEPTIONS.groups),
    'What else differs, none of it about appends, reads or acknowledgements:',
    tableOf('where', EXCEPTIONS.other),
  ];
  return [page.slice(0, from) + BEGIN, ...part, page.slice(to)].join('\n\n');
}

function tableOf(title: string, exceptions: readonly Exception[]): string {
  const rows = [
    [title, 'EventStoreDB 24.6', 'the node', 'why'],
    ...exceptions.map(({ where, recorded, ours, reason }) => [where, recorded, ours, reason]),
  ];
  const widths = [0, 1, 2, 3].map((n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${widths.map((width, n) => (cells[n] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line([], '-'), ...body.map((row) => line(row))].join('\n');
}
