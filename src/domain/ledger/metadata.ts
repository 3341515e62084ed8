/** Free key-value pairs that callers attach to accounts and transfers. */
export type Metadata = Readonly<Record<string, string>>;

export const METADATA_KEYS_MAX = 16;
export const METADATA_KEY_LENGTH_MAX = 40;
export const METADATA_VALUE_LENGTH_MAX = 500;

/** The keys in which two sets of metadata differ, as field paths: `metadata.order`. */
export function differingMetadata(recorded: Metadata, requested: Metadata): string[] {
  const keys = new Set([...Object.keys(recorded), ...Object.keys(requested)]);
  return [...keys]
    .filter((key) => recorded[key] !== requested[key])
    .map((key) => `metadata.${key}`);
}
