// What an `authorization` header says, read as the real server reads it. Only whether a caller
// names himself is decided here, not whether he is who he says.

export interface Credentials {
  name: string;
  password: string;
}

const SCHEME = 'Basic';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * 'none' for a header that is missing, of another scheme (case counts), or without a colon: such a
 * caller is anonymous. 'malformed' for Basic without credentials that can be decoded.
 */
export function parseCredentials(header: string | undefined): Credentials | 'none' | 'malformed' {
  const [scheme, encoded = '', ...rest] = header?.trim().split(/\s+/) ?? [];
  if (scheme !== SCHEME) return 'none';
  if (!BASE64.test(encoded) || rest.length > 0) return 'malformed';
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon === -1) return 'none';
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
