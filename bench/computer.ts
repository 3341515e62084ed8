// What a bench runs on. Names nobody's machine.
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';

const GIGABYTE = 1e9;

export interface Computer {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
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
