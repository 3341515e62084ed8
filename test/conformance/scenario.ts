// What a scenario is: fixed calls to a server, and what they came to, step by step.
import { type Server } from './wire/server.js';

/** Adds a line to the transcript. */
export type Say = (step: string, value: unknown) => void;

export type Play = (say: Say) => Promise<void>;

/** By name. The streams of a scenario have fixed names: each is played once per server. */
export type Scenarios = Record<string, Play>;

/** The scenarios of one subject, for a server. */
export type Subject = (server: Server) => Scenarios;
