// Persistent subscriptions: where EventStoreDB 24.6.0 hangs, fails or loses events and the node does not.
import { type Exception } from './exceptions.js';

export const GROUP_EXCEPTIONS: readonly Exception[] = [
  {
    where: 'request that names a stream without a name',
    recorded: 'never answers, but in reads',
    ours: 'UNKNOWN, as reads do',
    reason: 'a fault',
    steps: {
      'persistent: names': ["stream ''", "stream '' info"],
      'persistent: update': ['empty stream name'],
      'persistent: delete': ['empty stream'],
      'persistent: list': ['empty stream name'],
    },
  },
  {
    where: 'group deleted by another split of its key',
    recorded: 'never answers',
    ours: 'does not exist',
    reason: 'a fault',
    steps: { 'persistent: names': ['delete pn::a / b'] },
  },
  {
    where: 'any request while they restart',
    recorded: 'never answer, or not ready',
    ours: 'answer',
    reason: 'a fault',
    steps: {},
  },
  {
    where: 'negative `live_buffer_size` or `read_batch_size`',
    recorded: 'the group delivers nothing, for ever',
    ours: 'as if zero, and one',
    reason: 'a fault',
    steps: {
      'persistent: create settings': ['status with live buffer -1', 'status with read batch -1'],
    },
  },
  {
    where: 'group that began at the end, restarted',
    recorded: 'loses what was not acknowledged',
    ours: 'delivers it',
    reason: 'loses events; its configuration has `endedAt`',
    steps: {
      'persistent: configuration stream': ['entry'],
      'persistent: after a restart of the subsystem': [
        'end: info',
        'end: only what is new, the unacknowledged are gone',
      ],
    },
  },
  {
    where: 'group of `$all` with a filter',
    recorded: 'checkpoints pass messages that wait, which a restart loses',
    ours: 'they do not',
    reason: 'loses events',
    steps: {
      'persistent: checkpoint of a filtered $all group without a consumer': [
        'three wait, and the checkpoint is beyond them',
        'after a restart they never come',
      ],
    },
  },
  {
    where: 'replayed messages',
    recorded: 'truncated from the parked when sent, lost by a restart',
    ours: 'truncated when handled',
    reason: 'loses events',
    steps: {
      'persistent: replay of parked messages': ['stop at 2: state', 'stop beyond the end: state'],
    },
  },
  {
    where: 'replay of parked messages, `stop_at` 0',
    recorded: 'the group replays nothing any more',
    ours: 'nothing is replayed',
    reason: 'a fault',
    steps: {
      'persistent: replay of parked messages': [
        'stop at 0: state',
        'replay after that: delivered',
        'replay after that: state',
      ],
    },
  },
  {
    where: 'same event id twice in flight',
    recorded: 'one is forgotten and takes a slot for ever',
    ours: 'both count, answered in order',
    reason: 'loses events',
    steps: {
      'persistent: the same event id twice': ['counts', 'after both acks: slots, one is lost'],
    },
  },
  {
    where: 'checkpoint due while another is written',
    recorded: 'not written',
    ours: 'written after it',
    reason: 'an accident',
    steps: {},
  },
  {
    where: '`GetInfo` sent right after an acknowledgement',
    recorded: 'may not show it yet',
    ours: 'shows it',
    reason: 'another call of the same connection',
    steps: { 'persistent: replay of parked messages': ['six parked'] },
  },
];
