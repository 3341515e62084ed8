// What the caller of the bench asks for.
import { parseArgs } from 'node:util';
import { Failure } from '../src/platform/failure.js';
import { type Extent } from './measured.js';
import { type Scenario } from './scenario.js';
import { CONTENDERS } from './stage.js';

const DEFAULTS = { rounds: 3, seconds: 4 };
const EVENTS_MAX = 1_000_000;
const QUICK = { rounds: 1, seconds: 2 };
const USAGE =
  'Usage: npm run bench -- [scenario ...] [--list] [--quick] [--rounds <n>] [--seconds <n>] [--events <n>] ' +
  '[--contender <name>] [--without-projector] [--json] [--keep]';

export interface Asked {
  readonly scenarios: readonly Scenario[];
  readonly extent: Extent;
  /** Only to be told what there is. */
  readonly isList: boolean;
  readonly isJson: boolean;
  /** Results are written to bench/results. */
  readonly isKept: boolean;
  readonly withProjector: boolean;
}

/** Throws a Failure of kind `usage`. */
export function readArguments(words: readonly string[], all: readonly Scenario[]): Asked {
  const { positionals, values } = parsed(words);
  const unknown = positionals.filter((word) => !all.some(({ name }) => name === word));
  if (unknown.length > 0) {
    const names = all.map(({ name }) => name).join(', ');
    throw new Failure('usage', `There is no scenario ${unknown.join(', ')}: use ${names}.`);
  }
  const isQuick = values.quick;
  const isAsked = ({ name, isQuick: fits, onlyByName }: Scenario) =>
    positionals.length > 0 ? positionals.includes(name) : isQuick ? fits : !onlyByName;
  const usual = isQuick ? QUICK : DEFAULTS;
  return {
    scenarios: all.filter(isAsked),
    extent: {
      rounds: wholeNumber(values.rounds) ?? usual.rounds,
      seconds: wholeNumber(values.seconds) ?? usual.seconds,
      isQuick,
      eventsMax: wholeNumber(values.events) ?? EVENTS_MAX,
      contenders: contendersIn(values.contender),
    },
    isList: values.list,
    isJson: values.json,
    isKept: values.keep,
    withProjector: !values['without-projector'],
  };
}

function parsed(words: readonly string[]) {
  const off = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        ...{ list: off, quick: off, json: off, keep: off, 'without-projector': off },
        contender: { type: 'string', multiple: true },
        events: { type: 'string' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Failure('usage', `${(error as Error).message}\n${USAGE}`);
  }
}

function contendersIn(names: readonly string[] | undefined): readonly string[] {
  const unknown = names?.filter((name) => !CONTENDERS.some((known) => known === name)) ?? [];
  if (unknown.length === 0) return names ?? CONTENDERS;
  const known = CONTENDERS.join(', ');
  throw new Failure('usage', `There is no contender ${unknown.join(', ')}: use ${known}.`);
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,7}$/.test(text)) return Number(text);
  throw new Failure('usage', `"${text}" is not a whole number from 1 to 99999999.\n${USAGE}`);
}
