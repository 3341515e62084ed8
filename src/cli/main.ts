#!/usr/bin/env node
// Entry of the command line `daybook <verb>`.
import { EXIT_CODES } from '../platform/failure.js';
import { runProgram } from './program.js';

let isLost = false;
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  // Who reads no further, as `head` does, has what it wants.
  if (code === 'EPIPE') return;
  isLost = true;
  process.stderr.write(`daybook: the result cannot be written (${code}).\n`);
});
const exitCode = await runProgram(process.argv.slice(2));
const end = () => process.exit(isLost ? EXIT_CODES.infrastructure : exitCode);
// By then it is known whether what was written before has arrived.
process.stdout.write('', () => setImmediate(end));
