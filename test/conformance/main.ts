// npm run conformance -- <connection string> [--only <text>] [--list] [--record]: plays the scenarios
// against any server, which should be fresh and used by nobody else, and shows side by side where it
// differs from the record of EventStoreDB 24.6.0. Exits 0 if it does not, 1 if it does, 2 for wrong
// words. --record prints what was answered instead, line by line; --list prints names.
import { parseArgs } from 'node:util';
import { EXIT_CODES, EXIT_OK } from '../../src/platform/failure.js';
import { compare, sideBySide } from './comparison.js';
import { readRecord } from './record.js';
import { type Scenarios } from './scenario.js';
import { scenariosFor } from './subjects.js';
import { textOf, transcriptOf } from './transcript.js';
import { connectTo, type Server } from './wire/server.js';

const USAGE =
  'Usage: npm run conformance -- <esdb://host:port?...> [--only <text>] [--list] [--record]';

interface Wanted {
  url: string;
  only: string;
  list: boolean;
  record: boolean;
}

const say = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (text: string) => void process.stderr.write(`${text}\n`);

function readArguments(): Wanted | undefined {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string', default: '' },
        list: { type: 'boolean', default: false },
        record: { type: 'boolean', default: false },
      },
    });
    const [url = '', ...others] = positionals;
    return url.startsWith('esdb') && others.length === 0 ? { url, ...values } : undefined;
  } catch {
    return undefined;
  }
}

/** The scenarios of the record for such a server whose names contain the text, in its order. */
function chosen(server: Server, only: string): { name: string; play: Scenarios[string] }[] {
  const scenarios = scenariosFor(server);
  return [...recordFor(server).keys()]
    .filter((name) => name.includes(only))
    .flatMap((name) => {
      const play = scenarios[name];
      return play ? [{ name, play }] : [];
    });
}

const recordFor = ({ target }: Server) => readRecord(target.isTls ? '24.6-secure' : '24.6');

/** How many steps differ. */
async function play(server: Server, { only, record }: Wanted): Promise<number> {
  const recorded = recordFor(server);
  let differing = 0;
  for (const { name, play } of chosen(server, only)) {
    const lines = await transcriptOf(name, play);
    if (record) lines.forEach((line) => say(textOf(line)));
    const differences = compare(recorded.get(name) ?? [], lines);
    differing += differences.length;
    if (!record) differences.forEach((difference) => say(`${sideBySide(difference)}\n`));
  }
  return differing;
}

async function main(): Promise<number> {
  const wanted = readArguments();
  if (!wanted) {
    complain(USAGE);
    return EXIT_CODES.usage;
  }
  const server = connectTo(wanted.url);
  const scenarios = chosen(server, wanted.only);
  if (wanted.list) scenarios.forEach(({ name }) => say(name));
  if (scenarios.length === 0) complain(`No scenario has '${wanted.only}' in its name.`);
  if (scenarios.length === 0 || wanted.list) {
    await server.close();
    return scenarios.length === 0 ? EXIT_CODES.usage : EXIT_OK;
  }
  const differing = await play(server, wanted);
  await server.close();
  complain(`${scenarios.length} scenarios, ${differing} steps that differ.`);
  return differing === 0 || wanted.record ? EXIT_OK : EXIT_CODES.findings;
}

// The client throws outside of any call when a server answers twice or late: that must not end the run.
process.on('uncaughtException', (error) => complain(`The client threw: ${error.message}`));
process.on('unhandledRejection', (reason) => complain(`The client threw: ${String(reason)}`));
process.exit(await main());
