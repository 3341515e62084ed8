// Values on their way to and from Postgres: one line each, `checksum TAB key TAB value`. One text for
// many rows costs both sides a fraction of what as many parameters would.
import { crc32 } from 'node:zlib';

/** Neither a key nor JSON holds a tab or a line feed as such. */
export const LINE_END = '\n';
const FIELD_END = '\t';

export function valueLine(key: string, value: string): string {
  const fields = `${key}${FIELD_END}${value}`;
  return `${crc32(fields)}${FIELD_END}${fields}`;
}

/** Undefined when the line does not have the checksum that it says. */
export function readValueLine(line: string): readonly [key: string, value: string] | undefined {
  const keyFrom = line.indexOf(FIELD_END) + 1;
  const keyTo = line.indexOf(FIELD_END, keyFrom);
  const fields = line.slice(keyFrom);
  if (keyTo < 0 || crc32(fields) !== Number(line.slice(0, keyFrom - 1))) return undefined;
  // A copy: as a part of the page it was read with, a key would keep that in memory for good.
  const key = Buffer.from(line.slice(keyFrom, keyTo)).toString();
  return [key, line.slice(keyTo + 1)];
}
