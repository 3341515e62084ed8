// The server under test, as a connection string names it: where it is, and who is asking.
import { readFileSync } from 'node:fs';
import {
  credentials,
  Metadata,
  type ChannelCredentials,
  type ChannelOptions,
  type Client,
  type ServiceError,
} from '@grpc/grpc-js';
import { statusOf, type Status } from './status.js';

export interface User {
  username: string;
  password: string;
}

export const ADMIN: User = { username: 'admin', password: 'changeit' };

/** A user, null for an anonymous one, undefined for the user of the connection string. */
export type Caller = User | null | undefined;

/** Who calls, and after how many milliseconds the call gives up. */
export interface CallOptions {
  user?: Caller;
  deadline?: number;
}

type Stub<C extends Client> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ChannelOptions>,
) => C;

export interface Target {
  url: string;
  /** Address and port. */
  host: string;
  isTls: boolean;
  caFile: string | undefined;
  headers(caller: Caller, more?: Record<string, string>): Metadata;
  /** A client of one service, closed with the others. */
  stub<C extends Client>(service: Stub<C>, options?: Partial<ChannelOptions>): C;
  close(): void;
}

export function targetOf(url: string): Target {
  const parsed = new URL(url.replace(/^esdb(\+discover)?:/, 'http:'));
  const option = (name: string) =>
    [...parsed.searchParams].find(([key]) => key.toLowerCase() === name)?.[1];
  const isTls = option('tls') !== 'false';
  const caFile = option('tlscafile');
  const channel = isTls
    ? credentials.createSsl(caFile === undefined ? undefined : readFileSync(caFile))
    : credentials.createInsecure();
  const { host, username, password } = parsed;
  const own = isTls && username ? { username, password } : undefined;
  const stubs: Client[] = [];
  return {
    url,
    host,
    isTls,
    caFile,
    headers: (caller, more = {}) => headersOf(caller === undefined ? own : caller, more),
    stub: (Service, options = {}) => {
      const stub = new Service(host, channel, options);
      stubs.push(stub);
      return stub;
    },
    close: () => stubs.forEach((stub) => stub.close()),
  };
}

function headersOf(user: User | null | undefined, more: Record<string, string>): Metadata {
  const headers = new Metadata();
  if (user) {
    const pair = Buffer.from(`${user.username}:${user.password}`).toString('base64');
    headers.set('authorization', `Basic ${pair}`);
  }
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return headers;
}

export interface Answer<R> {
  reply?: R;
  status?: Status;
}

type UnaryCall<Q, R> = (
  request: Q,
  headers: Metadata,
  options: { deadline: number },
  done: (error: ServiceError | null, reply: R) => void,
) => unknown;

const DEADLINE_MS = 30_000;

/** One unary call: its reply, or the status with which it failed. */
export function unary<Q, R>(
  target: Target,
  call: UnaryCall<Q, R>,
  request: Q,
  { user, deadline = DEADLINE_MS }: CallOptions = {},
): Promise<Answer<R>> {
  return new Promise((resolve) => {
    call(request, target.headers(user), { deadline: Date.now() + deadline }, (error, reply) =>
      resolve(error ? { status: statusOf(error) } : { reply }),
    );
  });
}
