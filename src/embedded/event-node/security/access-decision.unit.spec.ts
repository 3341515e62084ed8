import { hasRight, rightFor, type DefaultAcls, type StreamUse } from './access-decision.js';

const ANYBODY = {
  anonymous: undefined,
  plain: { name: 'plain', groups: [] },
  member: { name: 'member', groups: ['team'] },
  ops: { name: 'ops', groups: ['$ops'] },
  admin: { name: 'admin', groups: ['$admins'] },
};
const NO_DEFAULTS: DefaultAcls = { userStreams: {}, systemStreams: {} };

/** Names of those who may. */
function allowed(
  use: StreamUse,
  stream: string,
  acl?: Parameters<typeof hasRight>[2],
  defaults = NO_DEFAULTS,
): string {
  const needed = rightFor(use, stream);
  const may = Object.entries(ANYBODY).filter(
    ([, caller]) => needed && hasRight(caller, needed, acl, defaults),
  );
  return may.map(([name]) => name).join(' ');
}

const EVERYBODY = 'plain member ops admin';

describe('access to a stream', () => {
  it.each<[use: StreamUse, stream: string, who: string]>([
    ['read', 's', EVERYBODY],
    ['write', 's', EVERYBODY],
    ['delete', 's', EVERYBODY],
    ['read', '$$s', EVERYBODY],
    ['write', '$$s', EVERYBODY],
    ['delete', '$$s', ''],
    ['read', '$s', 'admin'],
    ['write', '$s', 'admin'],
    ['delete', '$s', 'admin'],
    ['read', '$$$s', 'admin'],
    ['read', '$all', 'admin'],
    ['write', '$all', ''],
    ['delete', '$all', ''],
    ['read', '$$$all', 'admin'],
    ['write', '', ''],
  ])('to %s %p is open to: %s', (use, stream, who) => {
    expect(allowed(use, stream)).toBe(who);
  });

  it.each([
    ['a group', ['team'], 'member admin'],
    ['a user', ['plain'], 'plain admin'],
    ['both', ['team', 'plain'], 'plain member admin'],
    ['every user', ['$all'], EVERYBODY],
    ['operators', ['$ops'], 'ops admin'],
    ['nobody', [], 'admin'],
    ['an empty name', [''], 'admin'],
  ])('is given by its own list to %s', (_title, read, who) => {
    expect(allowed('read', 's', { read })).toBe(who);
  });

  it('is given role by role: its own list first, then the settings, then the built-in one', () => {
    const defaults = { userStreams: { read: ['$ops'], write: ['$ops'] }, systemStreams: {} };
    const acl = { read: ['plain'] };
    expect(allowed('read', 's', acl, defaults)).toBe('plain admin');
    expect(allowed('write', 's', acl, defaults)).toBe('ops admin');
    expect(allowed('delete', 's', acl, defaults)).toBe(EVERYBODY);
    expect(allowed('read', '$s', undefined, defaults)).toBe('admin');
  });

  it('to system streams has settings of its own', () => {
    const defaults = { userStreams: {}, systemStreams: { write: ['team'] } };
    expect(allowed('write', '$s', undefined, defaults)).toBe('member admin');
    expect(allowed('write', 's', undefined, defaults)).toBe(EVERYBODY);
  });
});
