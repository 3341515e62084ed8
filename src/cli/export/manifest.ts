// What an export says about itself: enough to check it, and to tell which part of the log it shows. It
// names no time of its own, so that the same part of the log gives the same bytes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StoredEvent } from '../../event-store/event-store.js';
import { projectRoot } from '../../platform/project-root.js';
import { type FileRecord } from './export-file.js';
import { type TimeRange } from './time-range.js';

export const MANIFEST_NAME = 'manifest.json';

/** Raised with every change that a reader of exports has to know of. */
export const FORMAT_VERSION = 1;

export const FORMATS = ['csv', 'jsonl', 'hledger', 'parquet'] as const;
export type ExportFormat = (typeof FORMATS)[number];

export interface Manifest {
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly format: ExportFormat;
  readonly ledger: string;
  /** The program and its version. */
  readonly writtenBy: string;
  /** The stretch of time asked for, and whether it is about when events were recorded or count. */
  readonly range: TimeRange & { readonly axis: 'recorded' | 'effective' };
  /** The part of the log: of `jsonl` what is in the file, otherwise what the tables add up. */
  readonly events: EventRange | null;
  /** Of Parquet: the type of all amounts, `DECIMAL(38,2)`; `VARCHAR` when that is too narrow for one. */
  readonly amounts?: string;
  readonly files: readonly FileRecord[];
}

/** A part of a ledger's stream, both ends included. */
export interface EventRange {
  readonly first: EventPlace;
  readonly last: EventPlace;
}

export interface EventPlace {
  readonly revision: number;
  /** A decimal string: positions exceed JSON's numbers. Another store gives other positions. */
  readonly position: string;
  readonly id: string;
  readonly hash: string;
  /** What the event is chained to: 64 zeros for the first of a stream. */
  readonly previousHash: string;
}

export function placeOf({ revision, position, id, metadata }: StoredEvent): EventPlace {
  const { hash, previousHash } = metadata;
  return {
    ...{ revision, position: position.toString(), id },
    ...{ hash: String(hash), previousHash: String(previousHash) },
  };
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Such as `daybook 1.2.3`. */
export function writer(): string {
  const text = readFileSync(join(projectRoot(), 'package.json'), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return `${name} ${version}`;
}
