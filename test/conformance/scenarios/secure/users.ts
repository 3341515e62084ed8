// Users: who may make, change, disable and delete them, and how calls are refused.
import usersPb, { type DetailsResp } from '@eventstore/db-client/generated/users_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type ServiceError } from '@grpc/grpc-js';
import { follow } from '../../wire/open-call.js';
import { fill } from '../../wire/protobuf.js';
import { onAll } from '../../wire/read-request.js';
import { ADMIN, type Caller } from '../../wire/target.js';
import { waitFor } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import {
  ACTORS,
  each,
  ended,
  isFailure,
  never,
  operationsOf,
  secureScenarios,
  short,
  usersOf,
  type Outcome,
} from './actors.js';

const { DetailsReq } = usersPb;
const loginOf = (reply: DetailsResp) => reply.getUserDetails()?.getLoginName();

function withoutTime(reply: DetailsResp): object {
  const fields = Object.entries(reply.getUserDetails()?.toObject() ?? {});
  return Object.fromEntries(fields.filter(([name]) => name !== 'lastUpdated'));
}

const temp = (password: string) => ({ username: 'temp', password });

/** The names of all trailers but that of the time. */
const trailersOf = ({ metadata }: ServiceError) =>
  Object.keys(metadata.getMap())
    .filter((name) => name !== 'date')
    .sort();

export const secureUsers: Subject = (server) =>
  secureScenarios(server, {
    users: async (say) => {
      const { users, createUser, changePassword, resetPassword, disable, deleteUser } =
        usersOf(server);
      const { read } = operationsOf(server);
      const { target } = server;
      const step = async (name: string, call: (user: Caller) => Promise<Outcome>) =>
        say(name, await each(call));
      const again = { loginName: 'plain', password: 'x', fullName: 'p' };
      await step('create an existing user', (user) => createUser(again, user));
      await step('details of plain', (user) => {
        const options = fill(new DetailsReq.Options(), { loginName: 'plain' });
        const request = fill(new DetailsReq(), { options });
        return ended(follow(users.details(request, target.headers(user)), loginOf), never);
      });
      await step('details of all', async (user) => {
        const details = follow(users.details(new DetailsReq(), target.headers(user)), loginOf);
        await details.until(never, 3000);
        const logins = details.messages.filter((message) => message !== 'end');
        return details.messages.find(isFailure) ?? logins.map(String).join();
      });
      const full = follow(users.details(new DetailsReq(), target.headers(ADMIN)), withoutTime);
      await full.until(never, 3000);
      say('as sent', full.messages);
      say('unknown user', short(await disable('nobody')));
      const created = await createUser({ loginName: 'temp', password: 'one', fullName: 't' });
      say('create short', short(created));
      const readAs = (password: string) => read(temp(password), 'nothing');
      const isLetIn = async (password: string) => (await readAs(password)) === 'ok';
      await waitFor(() => isLetIn('one'));
      const wrongly = await changePassword('x', 'two', temp('one'));
      say('change own password, wrong', short(wrongly));
      const changed = await changePassword('one', 'two', temp('one'));
      say('change own password', short(changed));
      await waitFor(async () => !(await isLetIn('one')));
      say('old password', short(await readAs('one')));
      say('new password', short(await readAs('two')));
      const step2 = 'change password of temp, knowing it';
      await step(step2, (user) => changePassword('two', 'two', user));
      await step('reset password of temp', (user) => resetPassword('two', user));
      say('disable', short(await disable('temp')));
      await waitFor(async () => !(await isLetIn('two')));
      say('disabled user', short(await readAs('two')));
      say('delete', short(await deleteUser('temp')));
      say('deleted user', short(await readAs('two')));
    },

    'statuses in full': async (say) => {
      const { append, readAll } = operationsOf(server);
      const { target } = server;
      await append(ADMIN, 'sf');
      const readers = ['anonymous', 'wrong password', 'unknown user', 'plain', 'admin'] as const;
      for (const actor of readers) say(`$all by ${actor}`, await readAll(ACTORS[actor]));
      for (const actor of ['anonymous', 'wrong password', 'plain'] as const) {
        say(`append by ${actor}`, short(await append(ACTORS[actor], 'sf')));
      }
      const refused = await new Promise<string[]>((resolve) => {
        const headers = target.headers(ACTORS['wrong password']);
        server.streams.delete(new streams.DeleteReq(), headers, (error) =>
          resolve(error ? trailersOf(error) : []),
        );
      });
      say('every trailer of a wrong password', refused);
      const denied = server.openRead(onAll('start'), { user: ACTORS.plain });
      const trailers = await new Promise<string[]>((resolve) => {
        denied.onError((error) => resolve(trailersOf(error)));
      });
      say('every trailer of a refusal', trailers);
    },
  });
