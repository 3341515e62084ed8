// Tokens signed in every way that can be configured, and in the ways that must not get through.
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { type RequestListener, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import jsonwebtoken from 'jsonwebtoken';
import { type JwtKey } from '../../src/platform/config.js';
import { clientFor, startTestApi } from '../support/api.js';
import { TEST_SECRET, signed } from '../support/tokens.js';

const claims = { sub: 'alice', role: 'admin', ledgers: ['*'] };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const bySecret: JwtKey = { kind: 'secret', secret: TEST_SECRET };

interface Setting {
  readonly key: JwtKey;
  readonly issuer?: string;
  readonly audience?: string;
}

/** Answers to the same request with each of the tokens. */
async function replies({ key, issuer, audience }: Setting, tokens: string[]) {
  const api = await startTestApi({ jwt: { key, issuer, audience } });
  try {
    const ask = clientFor(api.url);
    const path = '/v1/ledgers/demo/transfers';
    return await Promise.all(tokens.map((token) => ask('POST', path, { token, body: {} })));
  } finally {
    await api.stop();
  }
}

/** 400 is for who got as far as the body. */
async function statuses(setting: Setting, tokens: string[]): Promise<number[]> {
  return (await replies(setting, tokens)).map(({ status }) => status);
}

const sign = (key: KeyObject, algorithm: jsonwebtoken.Algorithm, keyid?: string) =>
  jsonwebtoken.sign(claims, key, { algorithm, ...(keyid !== undefined && { keyid }) });

describe('tokens', () => {
  it('are verified with an RSA key, and with no other kind of signature', async () => {
    const pem = pemOf(rsa.publicKey);
    const tokens = [
      sign(rsa.privateKey, 'RS256'),
      sign(rsa.privateKey, 'PS256'),
      sign(ec.privateKey, 'ES256'),
      signed(claims, pem),
    ];
    const key: JwtKey = { kind: 'public-key', pem };
    expect(await statuses({ key }, tokens)).toEqual([400, 400, 401, 401]);
  });

  it('are verified with an elliptic key, and with no other kind of signature', async () => {
    const pem = pemOf(ec.publicKey);
    const tokens = [
      sign(ec.privateKey, 'ES256'),
      sign(rsa.privateKey, 'RS256'),
      signed(claims, pem),
    ];
    const key: JwtKey = { kind: 'public-key', pem };
    expect(await statuses({ key }, tokens)).toEqual([400, 401, 401]);
  });

  it('are verified with a secret by HS256 alone', async () => {
    const hs512 = jsonwebtoken.sign(claims, TEST_SECRET, { algorithm: 'HS512' });
    expect(await statuses({ key: bySecret }, [signed(claims), hs512])).toEqual([400, 401]);
  });

  it('are verified with keys that an identity provider publishes', async () => {
    const jwk = rsa.publicKey.export({ format: 'jwk' });
    const keys = [{ ...jwk, kid: 'known', use: 'sig', alg: 'RS256' }];
    const provider = createServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const { port } = provider.address() as AddressInfo;
    const tokens = [
      sign(rsa.privateKey, 'RS256', 'known'),
      sign(rsa.privateKey, 'RS256', 'unknown'),
      sign(ec.privateKey, 'ES256', 'known'),
      signed(claims, pemOf(rsa.publicKey)),
    ];
    const key: JwtKey = { kind: 'jwks', url: `http://127.0.0.1:${port}/keys` };
    expect(await statuses({ key }, tokens)).toEqual([400, 401, 401, 401]);
    provider.close();
  });

  it.each<[string, RequestListener | undefined]>([
    ['is down', undefined],
    ['answers with errors', (_request, response) => response.writeHead(500).end()],
    ['publishes no keys', (_request, response) => response.end('{"keys":[]}')],
  ])('are not called wrong while an identity provider %s', async (_what, listener) => {
    const provider = createServer(listener);
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const { port } = provider.address() as AddressInfo;
    if (!listener) await new Promise((resolve) => provider.close(resolve));
    const url = `http://127.0.0.1:${port}/keys`;
    const tokens = [sign(rsa.privateKey, 'RS256', 'known')];
    const [reply] = await replies({ key: { kind: 'jwks', url } }, tokens);
    provider.close();
    expect([reply?.status, reply?.error.code]).toEqual([503, 'TOKEN_KEYS_UNAVAILABLE']);
    expect(reply?.headers.get('retry-after')).toBe('5');
  });

  it('must come from the issuer and be for the audience that are set', async () => {
    const setting = { key: bySecret, issuer: 'https://issuer', audience: 'daybook' };
    const tokens = [
      signed({ ...claims, iss: 'https://issuer', aud: 'daybook' }),
      signed({ ...claims, iss: 'https://other', aud: 'daybook' }),
      signed({ ...claims, iss: 'https://issuer', aud: 'other' }),
      signed(claims),
    ];
    expect(await statuses(setting, tokens)).toEqual([400, 401, 401, 401]);
  });

  it('cannot be verified with a key of another kind, which is said at the start', async () => {
    const pem = pemOf(generateKeyPairSync('ed25519').publicKey);
    await expect(statuses({ key: { kind: 'public-key', pem } }, [])).rejects.toThrow(
      'JWT_PUBLIC_KEY is a key of kind ed25519',
    );
  });
});
