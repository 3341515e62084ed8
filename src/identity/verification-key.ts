// The key that tokens are verified with, and the algorithms that fit it: never more than its own kind,
// so that a public key cannot be used as an HMAC secret, and `none` is never among them.
import { type KeyObject, createPublicKey, createSecretKey } from 'node:crypto';
import jwksRsa from 'jwks-rsa';
import { type Algorithm } from 'jsonwebtoken';
import { type SecretOrKeyProvider } from 'passport-jwt';
import { type JwtKey } from '../platform/config.js';
import { ApiError } from '../platform/http/api-error.js';

/** How tokens are verified; issuer and audience only when they are configured. */
export interface TokenVerification {
  readonly key: JwtKey;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}

export interface VerificationKey {
  readonly algorithms: Algorithm[];
  readonly secretOrKeyProvider: SecretOrKeyProvider;
}

const RSA_ALGORITHMS: Algorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const CURVE_ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};
const JWKS_TIMEOUT_MS = 5_000;
const JWKS_REQUESTS_PER_MINUTE_MAX = 10;

/** Throws when no token can be verified with a key of this kind. */
export function keyFor(key: JwtKey): VerificationKey {
  switch (key.kind) {
    case 'secret':
      return fixed(createSecretKey(Buffer.from(key.secret)), ['HS256']);
    case 'public-key': {
      const publicKey = createPublicKey(key.pem);
      return fixed(publicKey, algorithmsFor(publicKey));
    }
    case 'jwks':
      return published(key.url);
  }
}

function fixed(key: KeyObject, algorithms: Algorithm[]): VerificationKey {
  // jsonwebtoken works on KeyObjects, though passport-jwt's types know only texts, from which it would
  // make a key anew for every token.
  const secretOrKeyProvider: SecretOrKeyProvider = (_request, _token, done) => {
    Reflect.apply(done, undefined, [null, key]);
  };
  return { algorithms, secretOrKeyProvider };
}

/** Keys that an identity provider publishes and rotates. */
function published(url: string): VerificationKey {
  const secretOrKeyProvider = jwksRsa.passportJwtSecret({
    jwksUri: url,
    cache: true,
    rateLimit: true,
    jwksRequestsPerMinute: JWKS_REQUESTS_PER_MINUTE_MAX,
    timeout: JWKS_TIMEOUT_MS,
    handleSigningKeyError: (error, done) => {
      // A key that is not among those published makes a token that is not accepted; without any it is
      // not known whether it would be.
      done(error instanceof jwksRsa.SigningKeyNotFoundError ? null : keysUnavailable(error));
    },
  });
  return {
    algorithms: [...RSA_ALGORITHMS, ...Object.values(CURVE_ALGORITHMS)],
    secretOrKeyProvider,
  };
}

function keysUnavailable(cause: Error | null): ApiError {
  const message = 'The token cannot be verified now: the keys for it are out of reach.';
  return new ApiError('TOKEN_KEYS_UNAVAILABLE', message, { cause });
}

function algorithmsFor(key: KeyObject): Algorithm[] {
  if (key.asymmetricKeyType === 'rsa') return RSA_ALGORITHMS;
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  const algorithm = key.asymmetricKeyType === 'ec' ? CURVE_ALGORITHMS[curve] : undefined;
  if (algorithm) return [algorithm];
  throw new Error(
    `JWT_PUBLIC_KEY is a key of kind ${key.asymmetricKeyType ?? 'unknown'} ${curve}: ` +
      'use an RSA key, or one on the curves P-256, P-384 or P-521.',
  );
}
