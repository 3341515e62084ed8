// What figures depend on: the computer, its load, its disk and its Postgres.
import { loadavg } from 'node:os';
import { type Computer, computerLine, thisComputer } from './computer.js';
import { type Stage } from './stage.js';

const DISK_SECONDS = 1;

export interface Machine extends Computer {
  readonly postgres: string;
  readonly durableWritesPerSecond: number;
  /** Of the minute before: above zero, others use the machine as well. */
  readonly loadBefore: number;
}

export async function machineOf(stage: Stage): Promise<Machine> {
  const [loadBefore = NaN] = loadavg();
  const { rows } = await stage.pool.query<{ server_version: string }>('SHOW server_version');
  const disk = await stage.ceiling('durable 1 kB write', DISK_SECONDS);
  return {
    ...thisComputer(),
    postgres: rows[0]?.server_version ?? 'unknown',
    durableWritesPerSecond: disk.perSecond,
    loadBefore,
  };
}

export function machineLine(machine: Machine): string {
  return (
    `${computerLine(machine)}, Postgres ${machine.postgres}; ` +
    `${machine.durableWritesPerSecond.toFixed(0)} durable 1 kB writes a second; ` +
    `load before ${machine.loadBefore.toFixed(1)}`
  );
}
