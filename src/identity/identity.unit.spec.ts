import { identityOf, reaches } from './identity.js';
import { PERMISSIONS, ROLES, mayDo, rolesWith } from './permissions.js';

const claims = { sub: 'alice', role: 'operator', ledgers: ['demo'], iat: 1, exp: 2 };

describe('the claims of a token', () => {
  it('say who is acting', () => {
    const alice = { subject: 'alice', role: 'operator', ledgers: ['demo'] };
    expect(identityOf(claims)).toEqual({ ...alice, expiresAtMs: 2_000 });
    expect(identityOf({ ...claims, exp: undefined })).toEqual(alice);
  });

  it.each([
    ['no subject', { ...claims, sub: undefined }],
    ['an empty subject', { ...claims, sub: '' }],
    ['a subject of 256 characters', { ...claims, sub: 'x'.repeat(256) }],
    ['a subject that is a number', { ...claims, sub: 7 }],
    ['no role', { ...claims, role: undefined }],
    ['an unknown role', { ...claims, role: 'root' }],
    ['a list of roles', { ...claims, role: ['admin'] }],
    ['no ledgers', { ...claims, ledgers: undefined }],
    ['ledgers that are a text', { ...claims, ledgers: '*' }],
    ['a ledger that is a number', { ...claims, ledgers: ['demo', 1] }],
    ['no claims', null],
    ['a text', 'alice'],
  ])('say nobody with %s', (_what, wrong) => expect(identityOf(wrong)).toBeNull());
});

describe('ledgers', () => {
  const reader = (ledgers: string[]) => ({ subject: 'a', role: 'reader' as const, ledgers });

  it('are reached by name, or all with *', () => {
    expect(reaches(reader(['demo']), 'demo')).toBe(true);
    expect(reaches(reader(['*']), 'demo')).toBe(true);
    expect(reaches(reader(['dem']), 'demo')).toBe(false);
    expect(reaches(reader([]), 'demo')).toBe(false);
  });

  it('are all reached by administrators', () => {
    expect(reaches({ subject: 'a', role: 'admin', ledgers: [] }, 'demo')).toBe(true);
  });
});

describe('roles', () => {
  it('may do this and nothing else', () => {
    const table = ROLES.map((role) => [role, PERMISSIONS.filter((each) => mayDo(role, each))]);
    expect(Object.fromEntries(table)).toEqual({
      reader: ['read'],
      operator: ['read', 'open-accounts', 'change-accounts', 'post-transfers', 'close-periods'],
      admin: [...PERMISSIONS],
      auditor: ['read', 'read-audit-trail', 'export'],
    });
  });

  it('are named for a permission', () => {
    expect(rolesWith('post-transfers')).toEqual(['operator', 'admin']);
    expect(rolesWith('reopen-periods')).toEqual(['admin']);
  });
});
