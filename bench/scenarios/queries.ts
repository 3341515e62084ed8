// Questions about a ledger with a history: as many as are answered, and at a fixed rate while others write.
import { problemsOf } from '../contenders/books-check.js';
import { type Books, type Contender } from '../contenders/contender.js';
import { runLoad } from '../load/run-load.js';
import { type LoadTask, QUESTIONS, type Question } from '../load/task.js';
import { type Measured, WARM_UP } from '../measured.js';
import { type Scenario } from '../scenario.js';
import { type ContenderName, type Stage } from '../stage.js';

const CEILING = 'empty endpoint, 64 connections';
const SPREAD = { accounts: 1_000, choice: 'zipf' } as const;
const CONNECTIONS = 64;
const HISTORY_SECONDS = 5;
/** Below what either can do alone, so that what is seen is how long a question waits. */
const WRITES_PER_SECOND = 500;
const QUESTIONS_PER_SECOND = 200;
const NAMES: Readonly<Record<Question, string>> = {
  account: 'account by address',
  statement: 'page of a statement',
  'balance-at': 'balance at a time',
};

interface Asked {
  readonly contender: Contender;
  readonly books: Books;
  readonly round: number;
  readonly seconds: number;
}

export const queries: Scenario = {
  name: 'queries',
  question:
    'How many questions a second are answered, and how long do they take while others write?',
  run: async (stage, { rounds, seconds, contenders }, tell) => {
    const names: readonly ContenderName[] = ['daybook', 'sql'];
    for (let round = WARM_UP; round <= rounds; round += 1) {
      const ceiling = await stage.ceiling(CEILING, seconds / 2);
      for (const name of names.filter((each) => contenders.includes(each))) {
        const asked = await withHistory(stage, name, round, seconds);
        for (const question of questionsTo(name)) {
          const alone = await askAlone(asked, question);
          const share = alone.perSecond / ceiling.perSecond;
          tell(name === 'daybook' ? { ...alone, ceiling: { name: CEILING, share } } : alone);
          tell(await askWhileWriting(asked, question));
        }
      }
    }
  },
};

/** Who keeps nothing but balances is asked for nothing else. */
function questionsTo(name: ContenderName): readonly Question[] {
  return name === 'daybook' ? QUESTIONS : ['account'];
}

async function withHistory(
  stage: Stage,
  name: ContenderName,
  round: number,
  seconds: number,
): Promise<Asked> {
  const contender = await stage.contender(name);
  const books = { ledgers: [`queries-${round}-${name}`], spread: SPREAD, overdraftLimit: null };
  await contender.open(books);
  const asked = { contender, books, round, seconds };
  const work = { kind: 'transfer' } as const;
  const { result } = await runLoad({ ...taskOf(asked), work, seconds: HISTORY_SECONDS });
  await contender.settled(books.ledgers);
  const [problem] = await problemsOf(contender, books, result);
  if (problem !== undefined) throw new Error(`the history to ask about is wrong: ${problem}`);
  return asked;
}

async function askAlone(asked: Asked, question: Question): Promise<Measured> {
  const { result, cores } = await runLoad(
    { ...taskOf(asked), work: { kind: 'question', question } },
    asked.contender.processes,
  );
  return figure(asked, `${NAMES[question]}, alone`, { result, cores });
}

async function askWhileWriting(asked: Asked, question: Question): Promise<Measured> {
  const task = taskOf(asked);
  const idPrefix = `while-${question}`;
  const writes = { work: { kind: 'transfer' }, idPrefix, rate: WRITES_PER_SECOND } as const;
  const questions = { work: { kind: 'question', question }, rate: QUESTIONS_PER_SECOND } as const;
  const writing = runLoad({ ...task, ...writes });
  const asking = runLoad({ ...task, ...questions }, asked.contender.processes);
  const [written, run] = await Promise.all([writing, asking]);
  const failed = Object.keys(written.result.failures).map((what) => `a write: ${what}`);
  const { problems, ...rest } = figure(asked, `${NAMES[question]}, while others write`, run);
  return { ...rest, problems: [...problems, ...failed] };
}

function taskOf({ contender, books, seconds }: Asked): Omit<LoadTask, 'work'> {
  const { urls, token } = contender;
  const { ledgers, spread } = books;
  return { urls, token, ledgers, spread, connections: CONNECTIONS, seconds, mayRefuse: false };
}

function figure(
  { contender, round }: Asked,
  row: string,
  { result, cores }: Pick<Awaited<ReturnType<typeof runLoad>>, 'result' | 'cores'>,
): Measured {
  const problems = Object.entries(result.failures).map(([what, count]) => `${count}: ${what}`);
  return {
    ...{ scenario: 'queries', row, who: contender.name, round, unit: 'questions' },
    perSecond: result.operations / result.seconds,
    latencyMs: result.latencyMs,
    cores,
    problems,
  };
}
