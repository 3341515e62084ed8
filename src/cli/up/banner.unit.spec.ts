import { readConfig, type Config } from '../../platform/config.js';
import { addressOf, banner } from './banner.js';

function configOf(environment: Record<string, string>): Config {
  const result = readConfig(environment, '/srv');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

const URL_SHOWN = 'http://127.0.0.1:3000';

describe('the banner', () => {
  it('has four lines, the last two to copy and paste', () => {
    const lines = banner(configOf({}), URL_SHOWN, true).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^Daybook is ready at http:\/\/127\.0\.0\.1:3000 /);
    expect(lines[1]).toContain('/srv/.daybook');
    expect(lines[1]).toContain('a development and single-machine default');
    expect(lines[2]).toBe('TOKEN=$(npm run -s daybook -- token --role operator --ledger demo)');
    expect(lines[3]).toMatch(/^curl .*\/v1\/ledgers\/demo\/transfers .*Bearer \$TOKEN/);
  });

  it('has a body that is JSON as the shell hands it over', () => {
    const body = /-d '(.*)'$/.exec(banner(configOf({}), URL_SHOWN, true))?.[1];
    expect(Object.keys(JSON.parse(body ?? '') as object)).toEqual([
      'debit',
      'credit',
      'amount',
      'currency',
    ]);
  });

  it('opens a ledger first where there is no demo', () => {
    const lines = banner(configOf({ DAYBOOK_DEMO: 'off' }), URL_SHOWN, true).split('\n');
    expect(lines[2]).toContain('--role admin');
    expect(lines[3]).toContain(`${URL_SHOWN}/v1/ledgers -H`);
  });

  it('names a data folder that another terminal would not find, however odd its name', () => {
    const config = configOf({ DAYBOOK_DATA: "/tmp/Anna's data" });
    expect(banner(config, URL_SHOWN, false)).toContain(
      `TOKEN=$(DAYBOOK_DATA='/tmp/Anna'\\''s data' npm run`,
    );
  });

  it('does not call stores embedded that are not', () => {
    const config = configOf({
      EVENTSTORE_URL: 'esdb://db:2113',
      DATABASE_URL: 'postgres://u:p@db/d',
      JWT_SECRET: 'a-secret-of-at-least-thirty-two-signs',
    });
    const text = banner(config, URL_SHOWN, true);
    expect(text).toContain('the stores you named');
    expect(text).not.toContain('embedded');
  });
});

describe('the address to type', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://[::1]:80'],
    ['::1', 'http://[::1]:80'],
    ['localhost', 'http://localhost:80'],
  ])('for %s is %s', (host, url) => {
    expect(addressOf(host, 80)).toBe(url);
  });
});
