// The API as its users meet it: over HTTP, on a port of its own.
import { runApi } from '../../src/main.js';
import { type ServiceConfig } from '../../src/platform/config.js';
import { stoppedWithTheFile } from './stopping.js';
import { TEST_SECRET, tokenFor } from './tokens.js';

/** Nothing listens there: for tests that need only one of the stores. */
const NOWHERE = {
  eventStoreUrl: 'esdb://127.0.0.1:1?tls=false',
  databaseUrl: 'postgres://nobody:nothing@127.0.0.1:1/nowhere',
};

export interface TestApi {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startTestApi(settings: Partial<ServiceConfig> = {}): Promise<TestApi> {
  const api = await runApi({
    port: 0,
    host: '127.0.0.1',
    dataFolder: '/nonexistent',
    ...NOWHERE,
    jwt: { key: { kind: 'secret', secret: TEST_SECRET }, issuer: undefined, audience: undefined },
    logLevel: 'silent',
    demo: false,
    ...settings,
  });
  return stoppedWithTheFile({ url: `http://127.0.0.1:${api.port}`, stop: () => api.stop() });
}

interface ErrorBody {
  readonly code: string;
  readonly number: string;
  readonly message: string;
  readonly details: {
    readonly fields?: readonly { field: string; problem: string; expected: string }[];
    readonly [name: string]: unknown;
  };
}

interface Meta {
  readonly requestId: string;
  readonly timestamp: string;
  readonly revision?: number;
  readonly position?: string;
  readonly digest?: string;
  readonly nextCursor?: string;
}

/** An answer with its envelope opened; `T` is what the test expects as `data`. */
export interface Reply<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: T;
  readonly error: ErrorBody;
  readonly meta: Meta;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null sends none; an administrator's when absent. */
  readonly token?: string | null;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Client = <T>(
  method: Method,
  path: string,
  options?: RequestOptions,
) => Promise<Reply<T>>;

/** A client that acts as an administrator unless told otherwise. */
export function clientFor(url: string): Client {
  const administrator = tokenFor('admin');
  return async <T>(method: Method, path: string, options: RequestOptions = {}) => {
    const { body, raw, headers, token = administrator } = options;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(payload !== undefined && { body: payload }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const envelope = (isJson ? JSON.parse(text) : {}) as Pick<Reply<T>, 'data' | 'error' | 'meta'>;
    return { status: response.status, headers: response.headers, text, ...envelope };
  };
}
