// What a newcomer reads once everything runs: four lines, the last two of which are commands to
// copy and paste.
import { isEmbedded, type Config } from '../../platform/config.js';
import { wantsDemo } from './open-demo.js';

/** A transfer that the demo ledger accepts. */
const FIRST_TRANSFER = {
  debit: 'bank:main',
  credit: 'customers:alice:wallet',
  amount: '25.00',
  currency: 'EUR',
};
const FIRST_LEDGER = { id: 'demo', name: 'My first ledger' };

/** @param isDefaultFolder whether a second terminal finds the data folder without being told. */
export function banner(config: Config, url: string, isDefaultFolder: boolean): string {
  const hasDemo = wantsDemo(config);
  const role = hasDemo ? 'operator --ledger demo' : 'admin';
  const folder = isDefaultFolder ? '' : `DAYBOOK_DATA=${quoted(config.dataFolder)} `;
  const path = hasDemo ? '/v1/ledgers/demo/transfers' : '/v1/ledgers';
  const body = JSON.stringify(hasDemo ? FIRST_TRANSFER : FIRST_LEDGER);
  const what = hasDemo ? 'post a first transfer' : 'open a first ledger';
  return [
    `Daybook is ready at ${url} (pages for developers: ${url}/docs). Ctrl-C stops it.`,
    `${whereDataLives(config)} To get a token and ${what}, in another terminal:`,
    `TOKEN=$(${folder}npm run -s daybook -- token --role ${role})`,
    `curl -s ${url}${path} -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${body}'`,
  ].join('\n');
}

/** The address to type, which for "every interface" is the loopback one. */
export function addressOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}

function whereDataLives(config: Config): string {
  if (!isEmbedded(config)) return 'Data lives in the stores you named.';
  return (
    `Data lives in ${config.dataFolder} (embedded stores: ` +
    'a development and single-machine default).'
  );
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
