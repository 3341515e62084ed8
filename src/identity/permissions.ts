// Who may do what: the one table of roles and permissions.

export const ROLES = ['reader', 'operator', 'admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'read',
  'open-accounts',
  'change-accounts',
  'post-transfers',
  'close-periods',
  'reopen-periods',
  'open-ledgers',
  'read-audit-trail',
  'export',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const GRANTED: Readonly<Record<Role, readonly Permission[]>> = {
  reader: ['read'],
  operator: ['read', 'open-accounts', 'change-accounts', 'post-transfers', 'close-periods'],
  admin: PERMISSIONS,
  auditor: ['read', 'read-audit-trail', 'export'],
};

export function mayDo(role: Role, permission: Permission): boolean {
  return GRANTED[role].includes(permission);
}

/** Roles that have a permission, for the answer to one that has not. */
export function rolesWith(permission: Permission): Role[] {
  return ROLES.filter((role) => mayDo(role, permission));
}
