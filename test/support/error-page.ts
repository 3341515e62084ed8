// docs/errors.md, made from the catalogue.
import { REFUSAL_CODES } from '../../src/domain/errors.js';
import { type CatalogueEntry } from '../../src/platform/http/catalogue-entry.js';
import {
  ERROR_CATALOGUE,
  ERROR_CODES,
  type ErrorCode,
} from '../../src/platform/http/error-catalogue.js';

const OPENING = `# Errors

Every error is answered as

\`\`\`json
{
  "error": {
    "code": "INSUFFICIENT_FUNDS",
    "number": "DBK-2001",
    "message": "An account would fall below what its overdraft limit allows.",
    "details": { "transferId": "order-4711", "evidence": { "revision": 41, "accounts": [] } }
  },
  "meta": { "requestId": "trace-7f3a", "timestamp": "2026-01-15T09:30:00.000Z" }
}
\`\`\`

Programs decide by \`code\`; \`number\` is for people and searches; both are for ever. Where a request has to
change, \`details.fields\` lists every field with its \`problem\` and what would be \`expected\`. Refusals carry
their \`evidence\`: the balances that were decided on. Answers of 503 carry \`Retry-After\`.

1xxx: the request is wrong; nothing was recorded. 2xxx: the books say no; the refusal of a transfer is recorded
and final. 5xxx: Daybook cannot answer now.

Of several reasons to refuse a transfer the first of these is told:
${REFUSAL_CODES.map((code) => `\`${code}\``).join(', ')}.

<!-- Made from src/platform/http/error-catalogue.ts by \`npm run docs:errors\`. -->
`;

export function errorPage(): string {
  const byNumber = [...ERROR_CODES].sort((a, b) => (numberOf(a) < numberOf(b) ? -1 : 1));
  return [OPENING, ...byNumber.map((code) => section(code, ERROR_CATALOGUE[code]))].join('\n');
}

function numberOf(code: ErrorCode): string {
  return ERROR_CATALOGUE[code].number;
}

function section(code: ErrorCode, entry: CatalogueEntry): string {
  const retry = entry.status === 503 ? `, \`Retry-After: ${entry.retryAfterSeconds}\`` : '';
  return [
    `## ${entry.number} ${code}`,
    '',
    `HTTP ${entry.status}${retry}. ${entry.meaning}`,
    '',
    `**What to do:** ${entry.remedy}`,
    '',
  ].join('\n');
}
