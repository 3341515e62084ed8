// Replies of Append, encoded by hand: a conflict repeats the expected revision in fields of protocol
// 20.6.0 whose greatest value the generated code cannot hold.
import { EMPTY, bytesField, varintField } from './protobuf.js';
import { NEVER_WRITTEN, type ExpectedRevision } from './store/append-decision.js';
import { type AppendOutcome } from './store/stream-writer.js';

const REPLY = { success: 1, wrongExpectedVersion: 2 };
const SUCCESS = { currentRevision: 1, noStream: 2, position: 3, noPosition: 4 };
const POSITION = { commit: 1, prepare: 2 };
const WRONG = {
  currentRevision: 6,
  currentNoStream: 7,
  expectedRevision: 8,
  expectedAny: 9,
  expectedStreamExists: 10,
  expectedNoStream: 11,
};
const WRONG_2060 = {
  currentRevision: 1,
  noStream: 2,
  expectedRevision: 3,
  any: 4,
  streamExists: 5,
};
const NO_STREAM_2060 = 2n ** 64n - 1n;

/** An outcome that is answered with a message; the others are errors. */
export type AnsweredOutcome = Exclude<AppendOutcome, { kind: 'stream_deleted' }>;

/** The bytes of an AppendResp. A conflict is a normal reply too. */
export function appendReply(expected: ExpectedRevision, outcome: AnsweredOutcome): Buffer {
  const { lastRevision } = outcome;
  const isEmpty = lastRevision === NEVER_WRITTEN;
  if (outcome.kind === 'wrong_expected_version') {
    const current = isEmpty
      ? [flag(WRONG.currentNoStream), flag(WRONG_2060.noStream)]
      : [
          varintField(WRONG.currentRevision, lastRevision),
          varintField(WRONG_2060.currentRevision, lastRevision),
        ];
    return bytesField(REPLY.wrongExpectedVersion, ...current, ...expectedFields(expected));
  }
  return successField(REPLY.success, outcome);
}

/** Both kinds of append tell success in the same form. */
export function successField(
  number: number,
  { lastRevision, position }: AppendOutcome & { kind: 'success' },
): Buffer {
  return bytesField(
    number,
    lastRevision === NEVER_WRITTEN
      ? flag(SUCCESS.noStream)
      : varintField(SUCCESS.currentRevision, lastRevision),
    position === undefined ? flag(SUCCESS.noPosition) : positionField(SUCCESS.position, position),
  );
}

/** The position of one record, as all calls answer it. */
export const positionField = (number: number, position: number) =>
  bytesField(
    number,
    varintField(POSITION.commit, position),
    varintField(POSITION.prepare, position),
  );

function expectedFields(expected: ExpectedRevision): Buffer[] {
  switch (expected) {
    case 'any':
      return [flag(WRONG.expectedAny), flag(WRONG_2060.any)];
    case 'stream_exists':
      return [flag(WRONG.expectedStreamExists), flag(WRONG_2060.streamExists)];
    case 'no_stream':
      return [
        flag(WRONG.expectedNoStream),
        varintField(WRONG_2060.expectedRevision, NO_STREAM_2060),
      ];
    default:
      return [
        varintField(WRONG.expectedRevision, expected),
        varintField(WRONG_2060.expectedRevision, expected),
      ];
  }
}

/** A field that says all by being there. */
const flag = (number: number) => bytesField(number, EMPTY);
