import { type Command } from 'commander';

/** Adds a verb's command, with its options and its action, to the program. */
export type RegisterVerb = (program: Command) => void;
