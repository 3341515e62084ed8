// Streams and users: where EventStoreDB 24.6.0 hangs, fails or loses events and the node does not.
import { type Exception } from './exceptions.js';

const namesInErrors = (...steps: string[]) =>
  ['accents', 'newline', 'not UTF-8'].flatMap((name) => steps.map((step) => `${name}: ${step}`));

export const STREAM_EXCEPTIONS: readonly Exception[] = [
  {
    where: 'checkpoint when nothing passed from the start',
    recorded: '2^64-1, then none any more',
    ours: 'the last event considered',
    reason: 'storing theirs skips everything',
    steps: {
      'checkpoints: history': ['from start, nothing matches, window 1,000,000'],
      'checkpoints: live': ['from start, window 1,000,000, nothing matches'],
    },
  },
  {
    where: 'BatchAppend, bad event',
    recorded: 'two replies, the second a timeout or a write',
    ours: 'one reply, nothing written',
    reason: "a second reply ends the official client's process",
    steps: {
      'batch: bad requests': [
        'no type',
        'no content type',
        'no metadata',
        'empty type',
        'no event id',
        'bad event id',
        'nil event id',
      ],
      'batch: after a bad event': ['final chunk of the same id', 'read', 'another append'],
    },
  },
  {
    where: 'BatchAppend, half-close',
    recorded: 'never ends',
    ours: 'answers what is open, then ends',
    reason: 'nobody is left to wait',
    steps: {
      'batch: end of the call': [
        'half-close without any append: ended by the server within 3 s',
        'half-close after the reply: ended by the server within 3 s',
      ],
    },
  },
  {
    where: 'cancelled Append',
    recorded: 'sometimes written',
    ours: 'never written',
    reason: 'an accident',
    steps: {},
  },
  {
    where: 'error that names a stream or group outside of ASCII',
    recorded: 'HTTP 500',
    ours: 'the error, its trailers percent-encoded',
    reason: 'a fault',
    steps: {
      'append: stream names (unary)': namesInErrors(
        'delete at 7',
        'tombstoned, append',
        'tombstoned, read',
      ),
      'append: stream names (batch)': namesInErrors('delete at 7', 'tombstoned, read'),
      'persistent: names': ['group ü again', 'stream ü again'],
      'persistent: create settings': ['strategy ü'],
    },
  },
  {
    where: 'delete of a stream whose metastream was tombstoned',
    recorded: 'the process ends',
    ours: '`stream-deleted` for the metastream',
    reason: 'a fault',
    steps: {},
  },
  {
    where: 'metadata of a tombstoned stream',
    recorded: 'sometimes written',
    ours: '`stream-deleted`',
    reason: 'an accident',
    steps: {},
  },
  {
    where: '`$all` with count 0',
    recorded: 'never ends',
    ours: 'ends at once',
    reason: 'a fault',
    steps: { 'read: counts': ['$all forwards 0', '$all backwards 0'] },
  },
  {
    where: 'Basic header that cannot be decoded',
    recorded: 'HTTP 500',
    ours: 'UNAUTHENTICATED',
    reason: 'a fault',
    steps: {
      'secure: authorization headers': ['scheme only', 'scheme and a space', 'not base64'],
    },
  },
];
