// Who asks a secure server, and what each of them may do: outcomes with those who met them.
import usersGrpc from '@eventstore/db-client/generated/users_grpc_pb.js';
import usersPb, { type CreateReq } from '@eventstore/db-client/generated/users_pb.js';
import { event, expected, STREAM_METADATA, type WireEvent } from '../../wire/append.js';
import { type Ending, type OpenCall } from '../../wire/open-call.js';
import { fill } from '../../wire/protobuf.js';
import { type ReadMessage } from '../../wire/read-reply.js';
import { all, counted, onAll, onStream, subscription, type Part } from '../../wire/read-request.js';
import { type Server } from '../../wire/server.js';
import { codeName, type Status } from '../../wire/status.js';
import { ADMIN, unary, type Answer, type Caller, type User } from '../../wire/target.js';
import { waitFor } from '../../wire/waiting.js';
import { type Play, type Scenarios } from '../../scenario.js';

const userNamed = (username: string): User => ({ username, password: 'changeit' });

export const ACTORS = {
  anonymous: null,
  'wrong password': { username: 'admin', password: 'wrong' },
  'unknown user': userNamed('nobody'),
  plain: userNamed('plain'),
  member: userNamed('member'),
  operator: userNamed('operator'),
  ops: userNamed('ops'),
  boss: userNamed('boss'),
  admin: ADMIN,
} satisfies Record<string, User | null>;

export type Actor = keyof typeof ACTORS;
export const EVERYBODY = Object.keys(ACTORS) as Actor[];
export const SOME: Actor[] = ['plain', 'member', 'ops', 'admin'];

/** Users that admin makes, with their groups. */
const GROUPS = { plain: [], member: ['team'], operator: ['$ops'], boss: ['$admins'] };

/** An outcome: a word, or the status of a failure; anything else went well. */
export type Outcome = string | { status?: Status | undefined } | object;

/** A status on one line, with its trailers. */
export function lineOf({ code, details, trailers }: Status): string {
  const more = trailers.exception ? ` [${Object.values(trailers).join(', ')}]` : '';
  return `${codeName(code)}: ${details}${more}`;
}

export function short(outcome: Outcome): string {
  if (typeof outcome === 'string') return outcome;
  const status = 'status' in outcome ? outcome.status : undefined;
  return status ? lineOf(status) : 'ok';
}

/** Each outcome, with those who met it. */
export async function each(
  call: (caller: Caller, actor: Actor) => Promise<Outcome>,
  actors: readonly Actor[] = EVERYBODY,
): Promise<Record<string, Actor[]>> {
  const outcomes: Record<string, Actor[]> = {};
  for (const actor of actors) {
    const outcome = short(await call(ACTORS[actor], actor));
    (outcomes[outcome] ??= []).push(actor);
  }
  return outcomes;
}

/** The failure of a call, or `ok` when it came so far; ends it. */
export async function ended<M>(
  call: OpenCall<M>,
  isFar: (messages: readonly unknown[]) => boolean = (messages) => messages.length > 0,
): Promise<Outcome> {
  await call.until(isFar, 3000);
  const failure = call.messages.find(isFailure);
  if (!call.ended) call.cancel();
  return failure ?? 'ok';
}

export const isFailure = (message: unknown): message is Exclude<Ending, string> =>
  typeof message === 'object' && message !== null && 'status' in message;

/** For calls that end by themselves. */
export const never = () => false;

let count = 0;
/** An event like no other. */
export const nextEvent = (): WireEvent => event(`secure ${(count += 1)}`);

type UsersClient = InstanceType<typeof usersGrpc.UsersClient>;

export function usersOf({ target }: Server) {
  const users: UsersClient = target.stub(usersGrpc.UsersClient);
  const { CreateReq, ChangePasswordReq, ResetPasswordReq, DisableReq, DeleteReq } = usersPb;
  return {
    users,
    createUser: (
      fields: { loginName: string; password: string; fullName: string; groupsList?: string[] },
      user: Caller = ADMIN,
    ): Promise<Answer<unknown>> => {
      const options: CreateReq.Options = fill(new CreateReq.Options(), fields);
      return unary(target, users.create.bind(users), fill(new CreateReq(), { options }), { user });
    },
    changePassword: (currentPassword: string, newPassword: string, user: Caller) => {
      const fields = { loginName: 'temp', currentPassword, newPassword };
      const options = fill(new ChangePasswordReq.Options(), fields);
      const request = fill(new ChangePasswordReq(), { options });
      return unary(target, users.changePassword.bind(users), request, { user });
    },
    resetPassword: (newPassword: string, user: Caller) => {
      const options = fill(new ResetPasswordReq.Options(), { loginName: 'temp', newPassword });
      const request = fill(new ResetPasswordReq(), { options });
      return unary(target, users.resetPassword.bind(users), request, { user });
    },
    disable: (loginName: string) => {
      const request = fill(new DisableReq(), {
        options: fill(new DisableReq.Options(), { loginName }),
      });
      return unary(target, users.disable.bind(users), request, { user: ADMIN });
    },
    deleteUser: (loginName: string) => {
      const request = fill(new DeleteReq(), {
        options: fill(new DeleteReq.Options(), { loginName }),
      });
      return unary(target, users.delete.bind(users), request, { user: ADMIN });
    },
  };
}

/** What callers do with streams. */
export function operationsOf({ rawAppend, openRead }: Server) {
  const append = (user: Caller, stream: string, events = [nextEvent()]) =>
    rawAppend(stream, expected.any, events, { user });
  const read = (user: Caller, stream: string) =>
    ended<ReadMessage>(openRead(all(onStream(stream, 'start'), counted(10)), { user }), never);
  const writeMetadata = (user: Caller, stream: string, data = '{}') =>
    append(user, `$$${stream}`, [{ ...nextEvent(), meta: STREAM_METADATA, data }]);
  return {
    append,
    read,
    readAll: (user: Caller) =>
      ended<ReadMessage>(openRead(all(onAll('start'), counted(1)), { user }), never),
    subscribe: (user: Caller, where: Part) =>
      ended<ReadMessage>(openRead(all(where, subscription), { user })),
    readMetadata: (user: Caller, stream: string) => read(user, `$$${stream}`),
    writeMetadata,
    setAcl: (stream: string, acl: object) =>
      writeMetadata(ADMIN, stream, JSON.stringify({ $acl: acl })),
  };
}

const prepared = new WeakMap<Server, Promise<void>>();

async function makeUsers(server: Server): Promise<void> {
  const { createUser } = usersOf(server);
  for (const [loginName, groupsList] of Object.entries(GROUPS)) {
    const fields = { loginName, password: 'changeit', fullName: loginName, groupsList };
    await waitFor(async () => {
      const { status } = await createUser(fields);
      return status === undefined || codeName(status.code) === 'FAILED_PRECONDITION';
    });
  }
}

/** Scenarios for a secure server, whose users are made first; none for another. */
export function secureScenarios(server: Server, plays: Record<string, Play>): Scenarios {
  if (!server.target.isTls) return {};
  const prepare = () => {
    const ready = prepared.get(server) ?? makeUsers(server);
    prepared.set(server, ready);
    return ready;
  };
  return Object.fromEntries(
    Object.entries(plays).map(([name, play]): [string, Play] => [
      `secure: ${name}`,
      async (say) => {
        await prepare();
        await play(say);
      },
    ]),
  );
}
