// Names that streams can have, and how errors tell them.
import { briefAppend, event, expected, expectedAt } from '../wire/append.js';
import { type Name } from '../wire/protobuf.js';
import { fieldsOf } from '../wire/read-reply.js';
import { type Server } from '../wire/server.js';
import { type Say, type Subject } from '../scenario.js';
import { rawThroughBothKinds, type AppendOfEitherKind } from './both-kinds.js';
import { streamsOf } from './streams.js';

const NAMES = {
  'one space': ' ',
  spaces: 'a stream  name ',
  accents: 'strêam-ü',
  emoji: 'stream-😀',
  'slashes and marks': '/?#%&=+.,;:"\\\'<>|*',
  'at sign': '1@stream',
  newline: 'a\nb',
  NUL: 'a\u0000b',
  dollar: '$',
  system: '$system',
  'metastream of nothing': '$$meta-of-nothing',
  'metastream of a metastream': '$$$$meta',
  '1,000 characters': 'n'.repeat(1000),
  '10,000 characters': 'm'.repeat(10_000),
  'not UTF-8': Buffer.from([0x62, 0xff, 0xfe, 0x63]),
  capitals: 'CASE',
  'small letters': 'case',
} satisfies Record<string, Name>;

/** Whose names errors are to tell. */
const IN_ERRORS = [
  'spaces',
  'accents',
  'newline',
  '1,000 characters',
  '10,000 characters',
  'not UTF-8',
] as const;

export const appendStreamNames: Subject = (server) =>
  rawThroughBothKinds(server, 'append: stream names', async (say, scenario, append) => {
    const nameOf = (name: Name): Name =>
      Buffer.isBuffer(name) ? Buffer.concat([name, Buffer.from(scenario)]) : `${name}${scenario}`;
    const short = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value)
          .replace(/(n{1000}|m{10000})/g, 'LONG')
          .split(scenario)
          .join('S'),
      );
    const { readFrom } = streamsOf(server);
    const namesRead = async (stream: Name) =>
      (await readFrom(stream, 'start', 50)).map(
        (message) => fieldsOf(message).event?.stream ?? message,
      );
    const write = async (stream: Name, step: string) =>
      briefAppend(await append(stream, 'any', [event(`${scenario} ${step}`)]));
    for (const [step, name] of Object.entries(NAMES)) {
      const stream = nameOf(name);
      const written = await write(stream, step);
      say(step, { written, read: short(await namesRead(stream)) });
      if (step === 'metastream of a metastream') {
        // It cannot carry the name of the scenario.
        const writtenToAll = (await write('$all', '$all')).slice(0, 2);
        say('$all', { written: writtenToAll, read: [...new Set(await namesRead('$all'))] });
      }
    }
    for (const step of IN_ERRORS) {
      await errorsNaming(server, append, scenario, {
        step,
        stream: nameOf(NAMES[step]),
        short,
        say,
      });
    }
  });

async function errorsNaming(
  server: Server,
  append: AppendOfEitherKind,
  scenario: string,
  named: { step: string; stream: Name; short: (value: unknown) => unknown; say: Say },
): Promise<void> {
  const { step, stream, short, say } = named;
  const { readFrom } = streamsOf(server);
  const conflict = await append(stream, 'noStream', [event(`${scenario} ${step} w`)]);
  say(`${step}: wrong version`, short(conflict));
  say(`${step}: delete at 7`, short(await server.rawDelete(stream, expectedAt(7))));
  await server.rawTombstone(stream, expected.any);
  const refused = await append(stream, 'any', [event(`${scenario} ${step} t`)]);
  say(`${step}: tombstoned, append`, short(refused));
  say(`${step}: tombstoned, read`, short(await readFrom(stream, 'start', 50)));
}
