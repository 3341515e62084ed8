// Examples of SQL in documents: a block of `sql`, and right after it a block of `text` with what it finds.

export interface SqlExample {
  readonly sql: string;
  /** Undefined when the document shows no result. */
  readonly shown: string | undefined;
}

const EXAMPLE = /^```sql\n(?<sql>.*?)^```\n(?:\n^```text\n(?<shown>.*?)^```\n)?/gms;

export function sqlExamplesOf(document: string): SqlExample[] {
  return [...document.matchAll(EXAMPLE)].map(({ groups }) => ({
    sql: groups?.['sql'] ?? '',
    shown: groups?.['shown'],
  }));
}

/** The document with other results, one to each example that shows one. */
export function withResults(document: string, results: readonly string[]): string {
  let next = 0;
  return document.replace(EXAMPLE, (block, sql: string, shown: string | undefined) => {
    const result = results[next] ?? '';
    next += 1;
    return shown === undefined ? block : `\`\`\`sql\n${sql}\`\`\`\n\n\`\`\`text\n${result}\`\`\`\n`;
  });
}

/** As psql prints rows, every value as the text that Postgres gives; null is empty. */
export function printed(columns: readonly string[], rows: readonly (string | null)[][]): string {
  const lines = [[...columns], ...rows.map((row) => row.map((value) => value ?? ''))];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((line) => line[index]?.length ?? 0)),
  );
  const [header = '', ...others] = lines.map((line) =>
    line
      .map((value, index) => value.padEnd(widths[index] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
  const rule = widths.map((length) => '-'.repeat(length)).join('-+-');
  return [header, rule, ...others].map((line) => `${line}\n`).join('');
}
