import { type Identity } from './identity.js';
import { TRUSTED_MS, VerifiedTokens } from './verified-tokens.js';

const alice: Identity = { subject: 'alice', role: 'operator', ledgers: ['demo'] };

describe('a token that was verified', () => {
  it('stands for its caller, and no other token does', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('Bearer a', alice, 0);
    expect(tokens.identityOf('Bearer a', 1)).toBe(alice);
    expect(tokens.identityOf('Bearer b', 1)).toBeUndefined();
  });

  it('is trusted for a while only', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('Bearer a', alice, 0);
    expect(tokens.identityOf('Bearer a', TRUSTED_MS - 1)).toBe(alice);
    expect(tokens.identityOf('Bearer a', TRUSTED_MS)).toBeUndefined();
  });

  it('is not trusted from the moment on at which it expires', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('Bearer a', { ...alice, expiresAtMs: 2_000 }, 1_000);
    expect(tokens.identityOf('Bearer a', 1_999)).toBeDefined();
    expect(tokens.identityOf('Bearer a', 2_000)).toBeUndefined();
  });

  it('gives way to newer ones', () => {
    const tokens = new VerifiedTokens(2);
    for (const token of ['a', 'b', 'a', 'c']) tokens.remember(token, alice, 0);
    const known = ['a', 'b', 'c'].filter((token) => tokens.identityOf(token, 1));
    expect(known).toEqual(['a', 'c']);
  });
});
