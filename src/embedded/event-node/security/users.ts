// The users of a node. They are kept where the real server keeps them: the last event of
// `$user-<name>` is the user, and `$users` lists the names that were ever given. So a copy of the
// store has its users, and what changes them is in the log.
import { tooBusy } from '../errors.js';
import { streamPages, type RevisionRange } from '../log-pages.js';
import { EMPTY } from '../protobuf.js';
import { type ExpectedRevision } from '../store/append-decision.js';
import { bodyOf } from '../store/event-body.js';
import { type NodeStore } from '../store/node-store.js';
import { type LogEvent } from '../store/record.js';
import { METADATA_TYPE, metastreamOf } from '../store/system-streams.js';
import { newUuid } from '../uuid.js';
import { invalidUserName, userConflict, userNotFound } from './errors.js';
import { hashPassword } from './password.js';
import { decodeUserRecord, encodeUserRecord, type UserRecord } from './user-record.js';

export interface StoredUser extends UserRecord {
  /** Position of the event that says so: another one when anything about him changes. */
  position: number;
  updatedMs: number;
}

export interface NewUser {
  loginName: string;
  fullName: string;
  groups: string[];
  password: string;
}

/** All of them reject with UNAVAILABLE if the store cannot be written. */
export interface Users {
  /** Undefined if there is nobody of that name. */
  find(name: string): StoredUser | undefined;
  /** All there are, by name. */
  list(): StoredUser[];
  /** Rejects with a conflict if the name is taken, also by a user who is disabled. */
  create(user: NewUser): Promise<void>;
  /** Rejects if there is nobody of that name. */
  change(name: string, change: (user: UserRecord) => UserRecord): Promise<void>;
  delete(name: string): Promise<void>;
}

const NAMES_STREAM = '$users';
const NAME_TYPE = '$User';
const CREATED_TYPE = '$UserCreated';
const UPDATED_TYPE = '$UserUpdated';
const USER_METADATA = '{"$acl":{"$w":"$admins","$d":"$admins","$mw":"$admins"}}';
const CHANGE_ATTEMPTS_MAX = 3;
/** A colon ends the name in an authorization header; `$` begins the names of built-in groups. */
const USER_NAME = /^[^$:][^:]{0,254}$/;

const streamOf = (name: string) => `$user-${name}`;

export function createUsers(store: NodeStore): Users {
  const find = (name: string): StoredUser | undefined => {
    const event = store.streams.readableEvent(streamOf(name), -1);
    if (!event) return undefined;
    const { data, createdMs } = bodyOf(event);
    const record = decodeUserRecord(data);
    if (record?.loginName !== name) return undefined;
    return { ...record, position: event.position, updatedMs: createdMs };
  };
  const write = (stream: string, type: string, data: Buffer, more: WriteOptions = {}) =>
    store.append({
      stream,
      expected: more.expected ?? 'any',
      events: [{ id: newUuid(), type, isJson: more.isJson ?? true, data, metadata: EMPTY }],
    });
  const found = (name: string) => {
    const user = find(name);
    if (!user) throw userNotFound(name);
    return user;
  };
  return {
    find,
    list: () => {
      const names = new Set<string>();
      for (const event of eventsOf(store, NAMES_STREAM)) names.add(bodyOf(event).data.toString());
      const users = [...names].map(find).filter((user) => user !== undefined);
      return users.sort((a, b) => (a.loginName < b.loginName ? -1 : 1));
    },
    create: async ({ password, ...user }) => {
      const name = user.loginName;
      if (!USER_NAME.test(name)) throw invalidUserName(name);
      if (find(name)) throw userConflict(name);
      const record = { ...user, disabled: false, password: await hashPassword(password) };
      // Named and guarded first: what a crash in between leaves is nobody, and can be made again.
      await write(NAMES_STREAM, NAME_TYPE, Buffer.from(name), { isJson: false });
      await write(metastreamOf(streamOf(name)), METADATA_TYPE, Buffer.from(USER_METADATA));
      const first = { expected: 'no_stream' } as const;
      const outcome = await write(streamOf(name), CREATED_TYPE, encodeUserRecord(record), first);
      if (outcome.kind !== 'success') throw userConflict(name);
    },
    change: async (name, change) => {
      for (let attempt = 1; attempt <= CHANGE_ATTEMPTS_MAX; attempt++) {
        const head = store.log.stream(streamOf(name));
        const data = encodeUserRecord(change(found(name)));
        const expected = BigInt(head?.lastRevision ?? 0);
        const outcome = await write(streamOf(name), UPDATED_TYPE, data, { expected });
        if (outcome.kind === 'success') return;
      }
      throw tooBusy();
    },
    delete: async (name) => {
      found(name);
      await store.delete({ kind: 'delete', stream: streamOf(name), expected: 'any' });
    },
  };
}

interface WriteOptions {
  expected?: ExpectedRevision;
  isJson?: boolean;
}

function* eventsOf({ log }: NodeStore, stream: string): Generator<LogEvent> {
  const head = log.stream(stream);
  if (!head) return;
  const range: RevisionRange = { from: 0, to: head.lastRevision, direction: 1 };
  for (const page of streamPages(log, head.streamId, range)) yield* page;
}
