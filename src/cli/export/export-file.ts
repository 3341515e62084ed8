// One file of an export while it is written: buffered, counted and hashed as it grows.
import { type Hash, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { outputFailure } from './output-failure.js';

/** Characters gathered before they go to disk. */
const BUFFER_LENGTH = 256 * 1024;

/** A file of an export, as its manifest lists it. */
export interface FileRecord {
  readonly name: string;
  /** Events, rows without the header, or transactions: what the format's files are made of. */
  readonly rows: number;
  readonly bytes: number;
  /** 64 hexadecimal digits, as `sha256sum` writes them. */
  readonly sha256: string;
}

export class ExportFile {
  private readonly hash: Hash = createHash('sha256');
  private rows = 0;
  private bytes = 0;
  private buffer = '';

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Throws a Failure, as every method here does when the disk does not take it. */
  static async create(path: string): Promise<ExportFile> {
    try {
      return new ExportFile(path, await open(path, 'wx'));
    } catch (error) {
      throw outputFailure(path, error);
    }
  }

  /** Text that belongs to no row: headers, declarations. */
  async write(text: string): Promise<void> {
    this.buffer += text;
    if (this.buffer.length >= BUFFER_LENGTH) await this.flush();
  }

  async writeRow(text: string): Promise<void> {
    this.rows += 1;
    await this.write(text);
  }

  /** On disk for good, and closed. */
  async close(): Promise<FileRecord> {
    await this.flush();
    try {
      await this.handle.sync();
      await this.handle.close();
    } catch (error) {
      throw outputFailure(this.path, error);
    }
    const { rows, bytes } = this;
    return { name: basename(this.path), rows, bytes, sha256: this.hash.digest('hex') };
  }

  private async flush(): Promise<void> {
    const chunk = Buffer.from(this.buffer);
    this.buffer = '';
    this.hash.update(chunk);
    this.bytes += chunk.length;
    try {
      for (let at = 0; at < chunk.length;) {
        at += (await this.handle.write(chunk, at)).bytesWritten;
      }
    } catch (error) {
      throw outputFailure(this.path, error);
    }
  }
}

/** A file that another program has written, made durable. Throws a Failure. */
export async function recordOf(path: string): Promise<Omit<FileRecord, 'rows'>> {
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(piece);
      bytes += piece.length;
    }
    const handle = await open(path, 'r+');
    await handle.sync().finally(() => handle.close());
    return { name: basename(path), bytes, sha256: hash.digest('hex') };
  } catch (error) {
    throw outputFailure(path, error);
  }
}
