// Where an export is written. Everything goes into a folder beside the one that was asked for, which gets
// its name only when all of it is on disk: whoever finds `--out` finds a whole export.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../platform/failure.js';
import { ExportFile } from './export-file.js';
import { MANIFEST_NAME, type Manifest, manifestText } from './manifest.js';
import { outputFailure } from './output-failure.js';

export class OutputFolder {
  private constructor(
    readonly out: string,
    private readonly draft: string,
  ) {}

  /** Throws a Failure when there is something at `out`, or nothing can be written beside it. */
  static create(out: string): OutputFolder {
    const path = resolve(out);
    if (existsSync(path)) throw alreadyThere(path);
    try {
      mkdirSync(dirname(path), { recursive: true });
      return new OutputFolder(path, mkdtempSync(`${path}.partial-`));
    } catch (error) {
      throw outputFailure(dirname(path), error);
    }
  }

  pathOf(name: string): string {
    return join(this.draft, name);
  }

  file(name: string): Promise<ExportFile> {
    return ExportFile.create(this.pathOf(name));
  }

  /** Writes the manifest, the last of the files, and gives the folder its name. */
  async complete(manifest: Manifest): Promise<void> {
    const file = await this.file(MANIFEST_NAME);
    await file.write(manifestText(manifest));
    await file.close();
    try {
      await syncFolder(this.draft);
      await rename(this.draft, this.out);
      await syncFolder(dirname(this.out));
    } catch (error) {
      const isThere = existsSync(this.out) && existsSync(this.draft);
      throw isThere ? alreadyThere(this.out) : outputFailure(this.out, error);
    }
  }

  /** Removes what is not complete. */
  discard(): void {
    rmSync(this.draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

function alreadyThere(path: string): Failure {
  return new Failure(
    'refused',
    `${path} exists, and an export overwrites nothing: remove it, or choose another --out.`,
  );
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
