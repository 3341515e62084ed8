// Every code is documented, numbered once, and provoked by some test.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSAL_CODES, REJECTION_CODES } from '../src/domain/errors.js';
import {
  ERROR_CATALOGUE,
  ERROR_CODES,
  SERVICE_CODES,
} from '../src/platform/http/error-catalogue.js';
import { errorPage } from './support/error-page.js';

const PAGE = join('docs', 'errors.md');
if (process.env['DAYBOOK_WRITE_DOCS'] !== undefined) writeFileSync(PAGE, errorPage());

const provokedIn = ['src', 'projections', 'test']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((file) => file.endsWith('.spec.ts') || /^test\/e2e\/.*\.ts$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('the error catalogue', () => {
  it('is what docs/errors.md says; npm run docs:errors writes it anew', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(errorPage());
  });

  it('has every code of the domain and of the service, and no other', () => {
    expect([...ERROR_CODES].sort()).toEqual(
      [...new Set([...SERVICE_CODES, ...REJECTION_CODES, ...REFUSAL_CODES])].sort(),
    );
  });

  it('gives each number once', () => {
    const numbers = ERROR_CODES.map((code) => ERROR_CATALOGUE[code].number);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(number).toMatch(/^DBK-\d{4}$/);
  });

  it.each(ERROR_CODES)('%s is provoked by a test', (code) => {
    expect(new RegExp(`\\b${code}\\b`).test(provokedIn)).toBe(true);
  });
});
