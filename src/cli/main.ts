#!/usr/bin/env node
// Entry of the command line `daybook <verb>`.
import { runProgram } from './program.js';

process.exit(await runProgram(process.argv.slice(2)));
