// Goal: GET /metrics tells operators what docs/operations.md says it does, whatever is down. Method: all
// of Daybook in this process, asked for the page as Prometheus asks for it, without a token.
import { readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { until } from '../support/projecting.js';
import { type Whole, startWhole } from '../support/whole.js';

jest.setTimeout(120_000);

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Page {
  /** By the name of the metric. */
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

const LINE = /^(?<name>\w+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;

function pageIn(text: string): Page {
  const lines = text.split('\n').filter((line) => line !== '');
  const types = lines.flatMap((line) => {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    return name && type ? [[name, type] as const] : [];
  });
  const samples = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const { name = '', labels = '', value = '' } = LINE.exec(line)?.groups ?? {};
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)];
      const read = Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text]));
      return { name, labels: read, value: Number(value) };
    });
  return { types: new Map(types), samples };
}

let whole: Whole;

beforeAll(async () => {
  whole = await startWhole();
  const { ask } = whole;
  await ask('POST', '/v1/ledgers', { body: { id: 'shop', name: 'Shop' } });
  for (const [address, type] of [
    ['cash', 'asset'],
    ['ann', 'liability'],
  ]) {
    const body = { address, type, currency: 'EUR' };
    await ask('POST', '/v1/ledgers/shop/accounts', { body });
  }
  const transfer = { id: 'first', debit: 'ann', credit: 'cash', amount: '1.00', currency: 'EUR' };
  await ask('POST', '/v1/ledgers/shop/transfers', { body: transfer });
  await ask('POST', '/v1/ledgers/shop/transfers', { body: transfer });
  await ask('POST', '/v1/ledgers/shop/transfers', { body: { ...transfer, id: 'none-such/odd' } });
  await ask('GET', '/v1/ledgers/shop/accounts/secret:name');
  await ask('GET', '/v1/no/such/path');
}, 120_000);
afterAll(() => whole.remove(), 60_000);

async function scrape(): Promise<Page> {
  const { status, headers, text } = await whole.ask('GET', '/metrics', { token: null });
  expect([status, headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return pageIn(text);
}

function valueOf(page: Page, name: string, labels: Readonly<Record<string, string>> = {}) {
  const found = page.samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
  );
  return found.length === 1 ? found[0]?.value : found.map(({ value }) => value);
}

const LIVE = { generation: '1', state: 'live' };

describe('with everything up', () => {
  it('says so, and how far the read models are', async () => {
    await until(async () => valueOf(await scrape(), 'daybook_read_models_events', LIVE) === 4);
    const page = await scrape();
    expect(valueOf(page, 'daybook_dependency_up', { dependency: 'event_store' })).toBe(1);
    expect(valueOf(page, 'daybook_dependency_up', { dependency: 'postgres' })).toBe(1);
    expect(valueOf(page, 'daybook_projector_active')).toBe(1);
    for (const name of ['lag_events', 'lag_seconds', 'parked_ledgers', 'paused']) {
      expect([name, valueOf(page, `daybook_read_models_${name}`, LIVE)]).toEqual([name, 0]);
    }
    expect(valueOf(page, 'daybook_read_models_position', LIVE)).toBeGreaterThan(0);
    expect(valueOf(page, 'process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  it('counts commands by what became of them', async () => {
    const page = await scrape();
    const counted = (labels: Readonly<Record<string, string>>) =>
      valueOf(page, 'daybook_commands_total', labels);
    expect(counted({ command: 'OpenAccount', outcome: 'recorded' })).toBe(2);
    const refused = { command: 'PostTransfer', code: 'INSUFFICIENT_FUNDS' };
    expect(counted({ ...refused, outcome: 'refused' })).toBe(1);
    expect(counted({ ...refused, outcome: 'repeated' })).toBe(1);
  });

  it('counts requests by route, and tells no path, id or address', async () => {
    const page = await scrape();
    const requests = (labels: Readonly<Record<string, string>>) =>
      valueOf(page, 'daybook_http_request_duration_seconds_count', labels);
    const account = '/v1/ledgers/{ledger}/accounts/{address}';
    expect(requests({ method: 'GET', route: account, status: '4xx' })).toBe(1);
    expect(requests({ method: 'GET', route: 'none', status: '4xx' })).toBe(1);
    const labels = page.samples.flatMap((sample) => Object.values(sample.labels));
    for (const told of labels) expect(told).not.toMatch(/shop|secret|odd|no.such/);
  });

  it('serves what the documentation lists, and nothing else of ours', async () => {
    const pool = new Pool({ connectionString: whole.postgres.url, max: 1 });
    await pool.query(
      `INSERT INTO daybook.verification VALUES (1, 1, now(), now(), 0, '[]')
       ON CONFLICT (generation) DO UPDATE SET verified_position = 1, verified_at = now()`,
    );
    await pool.end();
    const { types, samples } = await scrape();
    const served = [...types].filter(([name]) => name.startsWith('daybook_'));
    const rows = served.map(([name, type]) => {
      const own = samples.find(
        (sample) => sample.name.replace(/_(bucket|sum|count)$/, '') === name,
      );
      const labels = Object.keys(own?.labels ?? {}).filter((label) => label !== 'le');
      return [name, type, labels.sort().join(', ')];
    });
    expect(documented().sort()).toEqual(rows.sort());
  });

  it('is in the OpenAPI document, without a token', async () => {
    const { text } = await whole.ask('GET', '/docs-json', { token: null });
    const { paths } = JSON.parse(text) as { paths: Record<string, { get?: object }> };
    expect(paths['/metrics']?.get).not.toHaveProperty('security');
    expect(paths['/metrics']?.get).toHaveProperty('responses.200.content.text/plain');
  });
});

/** Name, type and labels of the metrics in the table of docs/operations.md. */
function documented(): string[][] {
  const text = readFileSync('docs/operations.md', 'utf8');
  const lines = [...text.matchAll(/^\| `(daybook_\w+)` +\| (\w+) +\| ([^|]*?) +\|/gm)];
  return lines.map(([, name = '', type = '', labels = '']) => [
    ...[name, type],
    labels.replaceAll('`', '').split(', ').sort().join(', '),
  ]);
}

describe('without a projector', () => {
  it('says so, and how far behind the read models are', async () => {
    await whole.withoutProjector(async () => {
      const body = { id: 'late', name: 'Late' };
      expect((await whole.ask('POST', '/v1/ledgers', { body })).status).toBe(201);
      const page = await scrape();
      expect(valueOf(page, 'daybook_projector_active')).toBe(0);
      expect(valueOf(page, 'daybook_read_models_lag_events', LIVE)).toBe(1);
      expect(valueOf(page, 'daybook_read_models_lag_seconds', LIVE)).toBeGreaterThan(0);
    });
  });
});

describe('without the stores', () => {
  it('answers what it knows, and never what was so before', async () => {
    await whole.events.stop();
    const noEvents = await scrape();
    expect(valueOf(noEvents, 'daybook_dependency_up', { dependency: 'event_store' })).toBe(0);
    expect(valueOf(noEvents, 'daybook_dependency_up', { dependency: 'postgres' })).toBe(1);
    expect(valueOf(noEvents, 'daybook_read_models_parked_ledgers', LIVE)).toBe(0);
    expect(valueOf(noEvents, 'daybook_read_models_lag_events', LIVE)).toEqual([]);
    await whole.postgres.stop();
    const neither = await scrape();
    expect(valueOf(neither, 'daybook_dependency_up', { dependency: 'postgres' })).toBe(0);
    expect(valueOf(neither, 'daybook_projector_active')).toEqual([]);
    expect(valueOf(neither, 'daybook_read_models_position')).toEqual([]);
    expect(valueOf(neither, 'daybook_commands_total', { command: 'OpenLedger' })).toBe(2);
    await Promise.all([whole.events.restart(), whole.postgres.restart()]);
  });
});
