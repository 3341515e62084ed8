// Opening a ledger: the first event of its stream.
import { ISO_CURRENCY_SCALES } from '../currencies.js';
import { type FieldProblem } from '../errors.js';
import { SCALE_MAX } from '../money.js';
import { type Decision, decidedBefore, happened, recordedAtOf, rejected } from './decision.js';
import { EFFECTIVE_DAYS_MAX } from './effective-time.js';
import { type Asset, type LedgerOpened, type LedgerRules } from './events.js';
import { type LedgerState } from './state.js';

export const LEDGER_ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const LEDGER_ID_EXPECTED =
  '1 to 63 lower-case letters, digits and "-", beginning with a letter or digit';
export const LEDGER_NAME_LENGTH_MAX = 200;
export const ASSETS_MAX = 100;
export const ASSET_CODE_PATTERN = /^[A-Z][A-Z0-9]{2,15}$/;

/** What holds in a ledger that was opened without saying so. */
export const NO_RULES: LedgerRules = {
  uniqueReferences: false,
  pastDaysMax: null,
  futureDaysMax: null,
};
const RULES = ['uniqueReferences', 'pastDaysMax', 'futureDaysMax'] as const;

export interface OpenLedger {
  readonly type: 'OpenLedger';
  readonly ledger: string;
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly rules: LedgerRules;
  /** RFC 3339, UTC. */
  readonly now: string;
}

export function openLedger(state: LedgerState, command: OpenLedger): Decision {
  if (state.header) return decidedBefore(0);
  const problems = ledgerProblems(command);
  if (problems.length > 0) {
    return rejected('INVALID_LEDGER', 'The ledger cannot be opened as described.', problems);
  }
  return happened({
    type: 'LedgerOpened',
    data: {
      ledger: command.ledger,
      name: command.name,
      assets: command.assets.map(({ code, scale }) => ({ code, scale })),
      rules: writtenRules(command.rules),
      recordedAt: recordedAtOf(command.now, state.recordedAt),
    },
  });
}

/** The fields in which a repeated request differs from the one that opened the ledger. */
export function openLedgerDifferences(event: LedgerOpened, command: OpenLedger): string[] {
  const written = (assets: readonly Asset[]) =>
    assets.map(({ code, scale }) => `${code}/${scale}`).join(' ');
  return [
    ...(event.data.name === command.name ? [] : ['name']),
    ...(written(event.data.assets) === written(command.assets) ? [] : ['assets']),
    ...RULES.filter((rule) => event.data.rules[rule] !== command.rules[rule]).map(
      (rule) => `rules.${rule}`,
    ),
  ];
}

function writtenRules({ uniqueReferences, pastDaysMax, futureDaysMax }: LedgerRules): LedgerRules {
  return { uniqueReferences, pastDaysMax, futureDaysMax };
}

function ledgerProblems(command: OpenLedger): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const report = (field: string, problem: string, expected: string) =>
    problems.push({ field, problem, expected });
  if (!LEDGER_ID_PATTERN.test(command.ledger)) {
    report('id', `"${command.ledger}" is not a ledger id`, LEDGER_ID_EXPECTED);
  }
  for (const rule of ['pastDaysMax', 'futureDaysMax'] as const) {
    const days = command.rules[rule];
    if (days === null || (Number.isInteger(days) && days >= 0 && days <= EFFECTIVE_DAYS_MAX)) {
      continue;
    }
    const expected = `0 to ${EFFECTIVE_DAYS_MAX} days, or null for no limit`;
    report(`rules.${rule}`, `${days} is not a number of days`, expected);
  }
  const codes = new Set<string>();
  command.assets.forEach(({ code, scale }, index) => {
    if (ISO_CURRENCY_SCALES.has(code)) {
      report(`assets[${index}].code`, `${code} is an ISO 4217 currency`, 'a code outside ISO 4217');
    } else if (!ASSET_CODE_PATTERN.test(code)) {
      report(`assets[${index}].code`, `"${code}" is not an asset code`, '3 to 16 of A-Z and 0-9');
    } else if (codes.has(code)) {
      report(`assets[${index}].code`, `${code} is listed twice`, 'each code once');
    }
    if (!Number.isInteger(scale) || scale < 0 || scale > SCALE_MAX) {
      report(`assets[${index}].scale`, `${scale} is not a scale`, `0 to ${SCALE_MAX}`);
    }
    codes.add(code);
  });
  return problems;
}
