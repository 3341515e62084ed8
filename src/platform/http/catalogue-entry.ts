// What the catalogue says of one code.

interface Explanation {
  /** Stable number, `DBK-nnnn`. */
  readonly number: `DBK-${number}`;
  readonly meaning: string;
  readonly remedy: string;
}
export type CatalogueEntry = Explanation &
  (
    | { readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 500 }
    /** Temporary: answered with `Retry-After`. */
    | { readonly status: 429 | 503; readonly retryAfterSeconds: number }
  );
