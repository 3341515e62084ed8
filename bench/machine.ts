// What figures depend on. Names nobody's machine.
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { type Stage } from './stage.js';

const GIGABYTE = 1e9;
const DISK_SECONDS = 1;

export interface Computer {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
}

export interface Machine extends Computer {
  readonly postgres: string;
  readonly durableWritesPerSecond: number;
  /** Of the minute before: above zero, others use the machine as well. */
  readonly loadBefore: number;
}

export function thisComputer(): Computer {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / GIGABYTE),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
}

export function computerLine({ cores, processor, memoryGb, system, node }: Computer): string {
  return `${cores} cores (${processor}), ${memoryGb} GB, ${system}, Node ${node}`;
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
