// Counts what became of commands, whoever submitted them. What is only looked at is not counted.
import { Counter, type Registry } from 'prom-client';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { type CommandOutcome, type LedgerWriters } from './ledger-writers.js';

/** The same writers, counting. */
export function countedWriters(writers: LedgerWriters, registry: Registry): LedgerWriters {
  const commands = new Counter({
    name: 'daybook_commands_total',
    help: 'Commands submitted, by what became of them.',
    labelNames: ['command', 'outcome', 'code'],
    registers: [registry],
  });
  const count = ({ type: command }: LedgerCommand, outcome: CommandOutcome) =>
    commands.inc({ command, ...labelsOf(outcome) });
  const counted = async <T>(asked: readonly LedgerCommand[], work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const code = error instanceof Error ? error.name : 'Error';
      for (const { type } of asked) commands.inc({ command: type, outcome: 'failed', code });
      throw error;
    }
  };
  return {
    ...writers,
    submit: async (ledger, command, causation) => {
      const outcome = await counted([command], writers.submit(ledger, command, causation));
      count(command, outcome);
      return outcome;
    },
    submitAll: async (ledger, asked, causation) => {
      const outcomes = await counted(asked, writers.submitAll(ledger, asked, causation));
      asked.forEach((command, index) => {
        const outcome = outcomes[index];
        if (outcome) count(command, outcome);
      });
      return outcomes;
    },
  };
}

function labelsOf(outcome: CommandOutcome): { outcome: string; code: string } {
  if (outcome.kind === 'rejected') return { outcome: 'rejected', code: outcome.rejection.code };
  if (outcome.kind === 'unchanged') return { outcome: 'unchanged', code: '' };
  const { data } = outcome.event;
  const code = 'refusal' in data ? data.refusal.code : '';
  if (outcome.replayed) return { outcome: 'repeated', code };
  return { outcome: code === '' ? 'recorded' : 'refused', code };
}
