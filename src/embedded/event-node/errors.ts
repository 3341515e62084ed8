// Every gRPC error the node answers, with the exact status, text and trailers that the official
// client recognises. Nothing else in the node builds a status.
import { STATUS, type Outcome, type StatusCode } from './grpc/status.js';

/** Trailers are printable ASCII; anything else in names is told percent-encoded. */
const NOT_PRINTABLE = /[^ -~]+/g;
/** A connection does not survive trailers of some 200 KB: of longer texts the beginning is told. */
const TOLD_BYTES_MAX = 48 * 1024;
const BYTES_PER_CHARACTER_MAX = 9;
const HALF_CHARACTER = /[\ud800-\udbff]$/;

function told(text: string): string {
  if (encodeURI(text).length <= TOLD_BYTES_MAX) return text;
  const beginning = text.slice(0, Math.floor(TOLD_BYTES_MAX / BYTES_PER_CHARACTER_MAX));
  return `${beginning.replace(HALF_CHARACTER, '')}...`;
}

/** An error to be sent to the caller as it is. */
export class GrpcError extends Error implements Outcome {
  readonly details: string;

  readonly trailers: Readonly<Record<string, string>>;

  constructor(
    readonly code: StatusCode,
    details: string,
    trailers: Record<string, string> = {},
  ) {
    super(told(details));
    this.details = this.message;
    const printable = ([key, value]: [string, string]) =>
      [key, told(value).replace(NOT_PRINTABLE, encodeURIComponent)] as const;
    this.trailers = Object.fromEntries(Object.entries(trailers).map(printable));
  }
}

/** What the real server answers when a handler throws: malformed requests end here. */
export const handlerError = () => new GrpcError(STATUS.UNKNOWN, 'Exception was thrown by handler.');

export const unknownError = (details: string) => new GrpcError(STATUS.UNKNOWN, details);

export const invalidArgument = (details: string) => new GrpcError(STATUS.INVALID_ARGUMENT, details);

export const notReady = () => new GrpcError(STATUS.UNAVAILABLE, 'Server Is Not Ready');

export const tooBusy = () => new GrpcError(STATUS.UNAVAILABLE, 'Server Is Too Busy');

/** The disk gave back something else than was written. */
export const damagedLog = (what: string) =>
  new GrpcError(
    STATUS.DATA_LOSS,
    `The log is damaged: ${what}. Stop the node, find out how much is damaged with ` +
      '"daybook eventstore verify", and go on with a copy.',
  );

export const maximumAppendSizeExceeded = (limit: number) =>
  new GrpcError(STATUS.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

export const requiredMetadataMissing = (property: string) =>
  new GrpcError(STATUS.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const streamDeleted = (stream: string) =>
  new GrpcError(STATUS.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

/** Only deletes and tombstones answer a conflict like this; to appends it is a normal reply. */
export const wrongExpectedVersion = (conflict: {
  stream: string;
  expected: bigint;
  actual: number;
}) => {
  const { stream, expected, actual } = conflict;
  return new GrpcError(
    STATUS.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, ` +
      `Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expected),
      'actual-version': String(actual),
    },
  );
};

/** Anything thrown, as an answer: our own errors as they are, all else like the real server. */
export const toGrpcError = (thrown: unknown): GrpcError =>
  thrown instanceof GrpcError ? thrown : handlerError();
