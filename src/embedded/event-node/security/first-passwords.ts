// The passwords that a store without users is begun with.

export interface FirstPasswords {
  /** Of the user `admin`, needed for a store that has no such user yet. */
  adminPassword?: string | undefined;
  /** Of the user `ops`, who is not made without one. */
  opsPassword?: string | undefined;
}
