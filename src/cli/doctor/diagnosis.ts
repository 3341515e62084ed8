// One line of the doctor's page: what was looked at, how it is, and what to do about it.

export type Level = 'ok' | 'warn' | 'bad';

export interface Diagnosis {
  /** What was looked at: `migrations`. */
  readonly name: string;
  readonly level: Level;
  /** How it is, in a few words. */
  readonly said: string;
  /** What to do, mostly a command; null when nothing has to be done. */
  readonly advice: string | null;
}

type Said = Omit<Diagnosis, 'name'>;

export function ok(said: string): Said {
  return { level: 'ok', said, advice: null };
}

export function warn(said: string, advice: string): Said {
  return { level: 'warn', said, advice };
}

export function bad(said: string, advice: string): Said {
  return { level: 'bad', said, advice };
}

/** Something to look at. What it throws is told as a diagnosis of its own. */
export interface Examination {
  readonly name: string;
  readonly examine: () => Promise<Said>;
}

/** One after the other: a patient with a problem is not put under load. */
export async function examineAll(examinations: readonly Examination[]): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const { name, examine } of examinations) {
    const said = await examine().catch((error: unknown) =>
      bad(`cannot be told: ${error instanceof Error ? error.message : String(error)}`, LOOK_ABOVE),
    );
    diagnoses.push({ name, ...said });
  }
  return diagnoses;
}

const LOOK_ABOVE = 'see to what is bad above it first, then run daybook doctor again';

const MARKS: Record<Level, string> = { ok: 'ok  ', warn: 'warn', bad: 'BAD ' };

/** The page for people. */
export function pageOf(diagnoses: readonly Diagnosis[]): string {
  const width = Math.max(...diagnoses.map(({ name }) => name.length));
  const count = (level: Level) => diagnoses.filter((each) => each.level === level).length;
  const lines = diagnoses.flatMap(({ name, level, said, advice }) => [
    `${MARKS[level]}  ${name.padEnd(width)}  ${said}`,
    ...(advice === null ? [] : [`      ${' '.repeat(width)}  -> ${advice}`]),
  ]);
  return [...lines, `${count('bad')} bad, ${count('warn')} to be watched.`].join('\n');
}
