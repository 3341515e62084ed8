// Goal: no value of any query parameter leads to anything but an answer or a 400 that names the parameter.
// Method: the OpenAPI document says which endpoints and parameters there are; each gets, one at a time, what
// its schema rules out. What is not in the document is unknown, at every endpoint.
import { type Method } from '../support/api.js';
import { type Whole, startWhole } from '../support/whole.js';

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}
interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>
  >;
}

let whole: Whole;
let paths: OpenApi['paths'];

const IN_PATHS: Readonly<Record<string, string>> = {
  ledger: 'shop',
  address: 'cash',
  transfer: 'deposit',
};

beforeAll(async () => {
  whole = await startWhole();
  const { ask } = whole;
  await ask('POST', '/v1/ledgers', { body: { id: 'shop', name: 'Shop' } });
  const both = { type: 'asset', currency: 'EUR', overdraftLimit: null };
  const accounts = '/v1/ledgers/shop/accounts';
  await ask('POST', accounts, { body: { address: 'cash', ...both } });
  await ask('POST', accounts, { body: { address: 'world', ...both } });
  const transfer = { debit: 'cash', credit: 'world', amount: '1', currency: 'EUR' };
  const { meta } = await ask('POST', '/v1/ledgers/shop/transfers', {
    body: { id: 'deposit', ...transfer },
  });
  await ask('GET', `/v1/ledgers/shop?minRevision=${meta.revision}`);
  paths = (JSON.parse((await ask('GET', '/docs-json')).text) as OpenApi).paths;
}, 60_000);
afterAll(() => whole.remove(), 60_000);

interface Endpoint {
  readonly method: Method;
  readonly path: string;
  readonly parameters: readonly Parameter[];
}

/** Those that need a token, with the examples of their path parameters filled in. */
function endpoints(): Endpoint[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [] }]) => {
      if (!path.startsWith('/v1/')) return [];
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => IN_PATHS[name] ?? name);
      const inQuery = parameters.filter((parameter) => parameter.in === 'query');
      return [{ method: method.toUpperCase() as Method, path: filled, parameters: inQuery }];
    }),
  );
}

const UNKNOWN = ['colour', 'constructor', '__proto__', 'dryRun', 'limit '];
const NO_TEXT = ['', '\u0000', 'a\u0000b', 'x'.repeat(5_000)];
const NO_WORD = [...NO_TEXT, 'nonsense', '1', "' OR 1=1 --", '[object Object]', '__proto__'];
const NO_NUMBER = [...NO_WORD.slice(0, -3), '-1', '1.5', '1e3', '0x10', ' 1', '٣', 'NaN', 'null'];
const NO_DECIMAL = [
  ...NO_WORD.filter((v) => v !== '1'),
  '1e3',
  '1,5',
  '+1',
  '٣',
  'NaN',
  '9'.repeat(400),
];
const NO_TIME = [...NO_WORD, 'now', '2026-02-30', '2026-13-01', '0000-01-01', '99999-01-01'];

function absurd({ name, schema }: Parameter): string[] {
  if (name === 'metadata') return NO_TEXT.filter((value) => value !== '');
  if (schema.enum) return [...NO_WORD, schema.enum[0]?.toUpperCase() ?? ''];
  if (schema.type === 'integer') return [...NO_NUMBER.filter((v) => v !== '1'), '9'.repeat(400)];
  if (schema.format?.startsWith('date') === true) return NO_TIME;
  if (schema.format === 'decimal') return NO_DECIMAL;
  return NO_TEXT;
}

/** Metadata is asked for key by key. */
const sentAs = (name: string) => (name === 'metadata' ? 'metadata.city' : name);

async function answerTo({ method, path }: Endpoint, query: string): Promise<[number, string[]]> {
  const body = method === 'GET' ? {} : { body: {} };
  const { status, error } = await whole.ask(method, `${path}?${query}`, body);
  const named = (error?.details.fields ?? []).map(({ field }) => field);
  return [status, named];
}

describe('every endpoint in the OpenAPI document', () => {
  it('refuses parameters that it does not know, by name', async () => {
    expect(endpoints().length).toBeGreaterThan(20);
    for (const endpoint of endpoints()) {
      const known = endpoint.parameters.map(({ name }) => name);
      for (const unknown of UNKNOWN.filter((name) => !known.includes(name))) {
        const query = `${encodeURIComponent(unknown)}=red`;
        const [status, named] = await answerTo(endpoint, query);
        expect([endpoint.method, endpoint.path, status, named]).toEqual([
          ...[endpoint.method, endpoint.path, 400],
          expect.arrayContaining([unknown]) as string[],
        ]);
      }
    }
  }, 60_000);

  it('refuses values that a parameter cannot have, and names it', async () => {
    const asked = endpoints().flatMap((endpoint) =>
      endpoint.parameters.map((parameter) => ({ endpoint, parameter })),
    );
    expect(asked.length).toBeGreaterThan(30);
    for (const { endpoint, parameter } of asked) {
      const name = sentAs(parameter.name);
      const queries = absurd(parameter).map((value) => `${name}=${encodeURIComponent(value)}`);
      for (const query of [...queries, `${name}=1&${name}=2`]) {
        const [status, named] = await answerTo(endpoint, query);
        expect([endpoint.method, endpoint.path, query.slice(0, 80), status, named]).toEqual([
          ...[endpoint.method, endpoint.path, query.slice(0, 80), 400],
          expect.arrayContaining([name]) as string[],
        ]);
      }
    }
  }, 60_000);
});
