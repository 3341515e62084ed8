// Who may do what with streams, $all and system streams, by default and by access control lists.
import { expected, expectedAt } from '../../wire/append.js';
import { eventOf, eventsIn } from '../../wire/read-reply.js';
import {
  all,
  byStreamName,
  counted,
  filtered,
  multiplied,
  onAll,
  onStream,
  prefixes,
  subscription,
  windowed,
} from '../../wire/read-request.js';
import { ADMIN, type Caller } from '../../wire/target.js';
import { type Say, type Subject } from '../../scenario.js';
import {
  ACTORS,
  each,
  never,
  nextEvent,
  operationsOf,
  secureScenarios,
  SOME,
  type Actor,
  type Outcome,
} from './actors.js';

const { any } = expected;
const WITH_ANONYMOUS: Actor[] = ['anonymous', ...SOME];

const SYSTEM_STREAMS = [
  ...['$users', '$user-admin', '$settings', '$persistentSubscriptionConfig', '$scavenges'],
  '$stats-127.0.0.1:1',
];

const ACLS: Record<string, object> = {
  'read team': { $r: 'team' },
  'read team and plain': { $r: ['team', 'plain'] },
  'read user plain': { $r: 'plain' },
  'read nobody': { $r: [] },
  'read empty string': { $r: '' },
  'read $all': { $r: '$all' },
  'read $admins': { $r: '$admins' },
  'read $ops': { $r: ['$ops'] },
  'write team': { $w: 'team' },
  'delete team': { $d: 'team' },
  'metadata read team': { $mr: 'team' },
  'metadata write team': { $mw: 'team' },
  'empty acl': {},
  everything: { $r: 'team', $w: 'team', $d: 'team', $mr: 'team', $mw: 'team' },
};

const DENIED = 'PERMISSION_DENIED: Access Denied [access-denied';

/** Outcomes with `denied` for the refusal. */
const withDenied = (outcomes: Record<string, Actor[]>) =>
  Object.fromEntries(
    Object.entries(outcomes).map(([outcome, actors]) => [
      outcome.startsWith(DENIED) ? 'denied' : outcome,
      actors,
    ]),
  );

const stepsOf =
  (say: Say) => async (step: string, call: (user: Caller, actor: Actor) => Promise<Outcome>) =>
    say(step, await each(call));

export const secureAccess: Subject = (server) => {
  const operations = operationsOf(server);
  const { append, read, readAll, subscribe, readMetadata, writeMetadata, setAcl } = operations;
  const { rawAppend, rawDelete, rawTombstone, openRead } = server;

  return secureScenarios(server, {
    'a user stream': async (say) => {
      const stream = 'su';
      const metastream = `$$${stream}`;
      await append(ADMIN, stream);
      const step = stepsOf(say);
      await step('append', (user) => append(user, stream));
      await step('append of no events', (user) => append(user, stream, []));
      await step('append at a wrong revision', async (user) => {
        const reply = await rawAppend(stream, expectedAt(99), [nextEvent()], { user });
        return reply.wrong ? 'wrong expected version' : reply;
      });
      await step('read', (user) => read(user, stream));
      await step('read a missing stream', (user) => read(user, 'su-none'));
      await step('subscribe', (user) => subscribe(user, onStream(stream, 'start')));
      await step('read metadata', (user) => readMetadata(user, stream));
      await step('write metadata', (user) => writeMetadata(user, stream));
      await step('delete', async (user, actor) => {
        await append(ADMIN, `${stream}-d ${actor}`);
        return rawDelete(`${stream}-d ${actor}`, any, { user });
      });
      await step('tombstone', (user, actor) => rawTombstone(`${stream}-t ${actor}`, any, { user }));
      await step('read a tombstoned stream', (user) => read(user, `${stream}-t admin`));
      await step('delete the metadata stream', (user) => rawDelete(metastream, any, { user }));
      const tombstoning = 'tombstone the metadata stream';
      await step(tombstoning, (user) => rawTombstone(metastream, any, { user }));
      await step('append without a stream name', (user) => append(user, ''));
      const data = `"${'x'.repeat(1_100_000)}"`;
      await step('append too much', (user) => append(user, stream, [{ ...nextEvent(), data }]));
    },

    '$all and system streams': async (say) => {
      const step = stepsOf(say);
      const filter = filtered(byStreamName(prefixes('su')), windowed('count'), multiplied(1));
      const withFilter = all(onAll('start'), filter);
      await step('read $all', readAll);
      await step('subscribe to $all', (user) => subscribe(user, onAll('start')));
      await step('subscribe to $all with a filter', (user) => subscribe(user, withFilter));
      await step('read a stream named $all', (user) => read(user, '$all'));
      await step('append to $all', (user) => append(user, '$all'));
      await step('delete $all', (user) => rawDelete('$all', any, { user }));
      await step('read the metadata of $all', (user) => readMetadata(user, '$all'));
      await step('append to $mine', (user) => append(user, '$mine'));
      await step('read $mine', (user) => read(user, '$mine'));
      await step('subscribe to $mine', (user) => subscribe(user, onStream('$mine', 'start')));
      await step('read metadata of $mine', (user) => readMetadata(user, '$mine'));
      await step('write metadata of $mine', (user) => writeMetadata(user, '$mine'));
      await step('delete $mine', (user) => rawDelete('$mine', any, { user }));
      for (const stream of SYSTEM_STREAMS) {
        await step(`read ${stream}`, (user) => read(user, stream));
      }
      const acl = openRead(all(onStream('$$$user-plain', 'start'), counted(1)), { user: ADMIN });
      await acl.until(never);
      say(
        'acl of $user-plain',
        acl.messages.map((message) => eventOf(message)?.data ?? message),
      );
    },

    'acl of a stream': async (say) => {
      for (const [name, acl] of Object.entries(ACLS)) {
        const fresh = async (what: string) => {
          const stream = `sacl ${name} ${what}`;
          await append(ADMIN, stream);
          await setAcl(stream, acl);
          return stream;
        };
        const stream = await fresh('main');
        const outcomes = async (
          actors: Actor[],
          call: (user: Caller, actor: Actor) => Promise<Outcome>,
        ) => withDenied(await each(call, actors));
        say(name, {
          read: await outcomes(WITH_ANONYMOUS, (user) => read(user, stream)),
          append: await outcomes(WITH_ANONYMOUS, (user) => append(user, stream)),
          'read metadata': await outcomes(WITH_ANONYMOUS, (user) => readMetadata(user, stream)),
          'write metadata': await outcomes(SOME, async (user, actor) =>
            writeMetadata(user, await fresh(`meta ${actor}`)),
          ),
          delete: await outcomes(SOME, async (user, actor) =>
            rawDelete(await fresh(`delete ${actor}`), any, { user }),
          ),
          tombstone: await outcomes(SOME, async (user, actor) =>
            rawTombstone(await fresh(`tombstone ${actor}`), any, { user }),
          ),
        });
      }
      await append(ADMIN, 'sacl-live');
      const toIt = all(onStream('sacl-live', 'start'), subscription);
      const live = openRead(toIt, { user: ACTORS.plain });
      await live.until((messages) => messages.includes('caught_up'));
      await setAcl('sacl-live', { $r: 'team' });
      await append(ADMIN, 'sacl-live');
      await live.until((messages) => eventsIn(messages).length === 2, 2000);
      say(
        'right taken away from a live subscription',
        live.messages.map((message) => eventOf(message)?.rev ?? message),
      );
      if (!live.ended) live.cancel();
      await rawDelete('sacl-live', any, { user: ADMIN });
      const afterwards = await each((user) => append(user, 'sacl-live'), ['plain']);
      say('a deleted stream loses its acl', afterwards);
    },

    'acl of system streams and $all': async (say) => {
      await append(ADMIN, '$open');
      await setAcl('$open', { $r: '$all', $w: 'team' });
      say('read $open', await each((user) => read(user, '$open'), WITH_ANONYMOUS));
      say('append to $open', await each((user) => append(user, '$open'), SOME));
      say('read its metadata', await each((user) => readMetadata(user, '$open'), SOME));
      await setAcl('$all', { $r: 'team' });
      say('read $all, acl for team', await each(readAll, WITH_ANONYMOUS));
      const everything = all(onAll('start'), counted(1000));
      const byMember = openRead(everything, { user: ACTORS.member });
      await byMember.until(never);
      const showsUsers = eventsIn(byMember.messages).some(({ stream }) => stream === '$users');
      say('it shows streams the reader may not read', showsUsers);
      await setAcl('$all', {});
      say('read $all, empty acl', await each(readAll, SOME));
    },

    'default acls in $settings': async (say) => {
      const settings = (data: object | string, type = 'update-default-acl') => {
        const meta = { type, 'content-type': 'application/json' };
        const text = typeof data === 'string' ? data : JSON.stringify(data);
        return append(ADMIN, '$settings', [{ ...nextEvent(), meta, data: text }]);
      };
      const shown = async (step: string) => {
        const stream = `sset ${step}`;
        const system = `$${stream}`;
        await append(ADMIN, stream);
        await append(ADMIN, system);
        say(step, {
          append: await each((user) => append(user, stream), SOME),
          read: await each((user) => read(user, stream), SOME),
          'read metadata': await each((user) => readMetadata(user, stream), SOME),
          'append to a system stream': await each((user) => append(user, system), SOME),
          'read a system stream': await each((user) => read(user, system), SOME),
        });
      };
      await shown('none written');
      const users = { $r: 'team', $w: '$admins', $mr: '$ops' };
      await settings({ $userStreamAcl: users, $systemStreamAcl: { $r: '$ops', $w: 'team' } });
      await shown('both given, in part');
      await settings({ $userStreamAcl: { $w: 'plain' } }, 'T');
      await shown('only users, only write');
      await append(ADMIN, 'sset own');
      await setAcl('sset own', { $r: 'plain' });
      say('an acl of the stream comes first, role by role', {
        read: await each((user) => read(user, 'sset own'), SOME),
        append: await each((user) => append(user, 'sset own'), SOME),
      });
      await settings('{{{');
      await shown('not json');
      await settings({});
      await shown('empty object');
      const forAll = (role: string) => ({ $r: role, $w: role, $d: role, $mr: role, $mw: role });
      await settings({ $userStreamAcl: forAll('$all'), $systemStreamAcl: forAll('$admins') });
      await shown('as at first');
    },
  });
};
