import { execFileSync } from 'node:child_process';
import { HEAP_GROWTH_FLAG } from './heap.js';

it('names a flag that this Node.js knows', () => {
  expect(execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })).toContain(
    `${HEAP_GROWTH_FLAG} `,
  );
});
