import { cpuTimesOf, usedBy } from './process-usage.js';

const NO_PROCESS = 2 ** 30;

describe('what a process has used', () => {
  it('is told of one that runs, where the system tells', () => {
    const used = usedBy(process.pid);
    if (process.platform !== 'linux') return expect(used).toBeUndefined();
    const { memoryMb = NaN, memoryMostMb = NaN, ownMemoryMb = NaN, cpuMs = NaN } = used ?? {};
    expect(ownMemoryMb).toBeGreaterThan(1);
    expect(memoryMb).toBeGreaterThan(ownMemoryMb);
    expect(memoryMostMb).toBeGreaterThanOrEqual(memoryMb);
    expect(cpuTimesOf({ own: process.pid })['own']).toBeGreaterThanOrEqual(cpuMs);
  });

  it('is not told of one that is not there', () => {
    expect(usedBy(NO_PROCESS)).toBeUndefined();
  });
});
