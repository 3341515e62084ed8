// What figures depend on. Names nobody's machine.
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { type Stage } from './stage.js';

const GIGABYTE = 1e9;
const DISK_SECONDS = 1;

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
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
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / GIGABYTE),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
    postgres: rows[0]?.server_version ?? 'unknown',
    durableWritesPerSecond: disk.perSecond,
    loadBefore,
  };
}

export function machineLine(machine: Machine): string {
  const { cores, processor, memoryGb, system, node, postgres } = machine;
  return (
    `${cores} cores (${processor}), ${memoryGb} GB, ${system}, Node ${node}, Postgres ${postgres}; ` +
    `${machine.durableWritesPerSecond.toFixed(0)} durable 1 kB writes a second; ` +
    `load before ${machine.loadBefore.toFixed(1)}`
  );
}
