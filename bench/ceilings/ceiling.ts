// What the machine and the software below ours do at most: what results are shown as a share of.

export const CEILINGS = [
  'durable 1 kB write',
  'empty endpoint, 1 connection',
  'empty endpoint, 16 connections',
  'empty endpoint, 64 connections',
  'bare client, append of 1',
  'bare client, append of 500',
  'bare client, read',
  'COPY, rows',
] as const;
export type CeilingName = (typeof CEILINGS)[number];

export interface CeilingRun {
  /** Operations, events or rows a second. */
  readonly perSecond: number;
  /** Of one operation, where operations come one after the other. */
  readonly latencyMs?: { readonly p50: number; readonly p99: number };
}
