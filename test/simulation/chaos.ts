// Kills processes of the bank at moments drawn by lot, one or several at once, and starts them again.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BankProcess, type BankProcesses } from './bank-processes.js';
import { type Draws } from './draws.js';

/** From the last restart to the next strike. */
const PEACE_MS = { least: 500, most: 4_000 };
/** From a kill to the restart. */
const ABSENCE_MS_MAX = 1_500;

type Victims = (draws: Draws, processes: BankProcesses) => readonly BankProcess[];

const STRIKES: readonly { readonly weight: number; readonly victims: Victims }[] = [
  { weight: 50, victims: (draws, { apis }) => [draws.pick(apis)] },
  { weight: 30, victims: (_draws, { eventNode }) => [eventNode] },
  { weight: 10, victims: (draws, { apis, eventNode }) => [draws.pick(apis), eventNode] },
  { weight: 10, victims: (_draws, { apis }) => apis },
];

/**
 * Strikes until the signal. Everything runs again when it resolves, with the names of all that was killed,
 * in order.
 */
export async function strike(
  processes: BankProcesses,
  draws: Draws,
  ending: AbortSignal,
): Promise<string[]> {
  const killed: string[] = [];
  for (;;) {
    const peaceMs = PEACE_MS.least + draws.below(PEACE_MS.most - PEACE_MS.least);
    await sleep(peaceMs, undefined, { signal: ending }).catch(() => undefined);
    if (ending.aborted) return killed;
    const victims = draws.weighted(STRIKES).victims(draws, processes);
    await Promise.all(victims.map((victim) => victim.kill()));
    killed.push(...victims.map(({ name }) => name));
    await sleep(draws.below(ABSENCE_MS_MAX));
    await Promise.all(victims.map((victim) => victim.start()));
  }
}
