// How calls fail: the status and the trailers of the protocol, as they were sent.
import { status as codes, type ServiceError } from '@grpc/grpc-js';

const TRAILERS = [
  'exception',
  'stream-name',
  'group-name',
  'reason',
  'expected-version',
  'actual-version',
  'maximum-append-size',
  'required-metadata-properties',
  'maximum-subscribers-reached',
  'leader-endpoint-host',
  'leader-endpoint-port',
] as const;

export interface Status {
  code: number;
  details: string;
  trailers: Partial<Record<(typeof TRAILERS)[number], string>>;
}

export function statusOf(error: ServiceError): Status {
  const trailers: Status['trailers'] = {};
  for (const name of TRAILERS) {
    const value = error.metadata?.get(name)[0];
    if (value !== undefined) trailers[name] = String(value);
  }
  return { code: error.code, details: error.details, trailers };
}

export const codeName = (code: number): string => codes[code] ?? String(code);

/** `CODE: details [exception]` */
export function briefStatus({ code, details, trailers }: Status): string {
  const exception = trailers.exception ? ` [${trailers.exception}]` : '';
  return `${codeName(code)}: ${details}${exception}`;
}
