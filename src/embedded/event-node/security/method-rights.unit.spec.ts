import { mayCall } from './method-rights.js';

const CALLERS = {
  anonymous: undefined,
  plain: { name: 'plain', groups: [] },
  ops: { name: 'ops', groups: ['$ops'] },
  admin: { name: 'admin', groups: ['$admins'] },
};

const ANYBODY = 'anonymous plain ops admin';
const USERS = 'plain ops admin';
const OPERATORS = 'ops admin';
const GROUPS = 'persistent_subscriptions.PersistentSubscriptions';

describe('a method', () => {
  it.each([
    ['server_features.ServerFeatures/GetSupportedMethods', ANYBODY],
    ['gossip.Gossip/Read', ANYBODY],
    // These ask for the right on the stream that they are about.
    ['streams.Streams/Read', ANYBODY],
    ['streams.Streams/BatchAppend', ANYBODY],
    [`${GROUPS}/Read`, ANYBODY],
    [`${GROUPS}/GetInfo`, USERS],
    [`${GROUPS}/List`, USERS],
    [`${GROUPS}/Create`, OPERATORS],
    [`${GROUPS}/Update`, OPERATORS],
    [`${GROUPS}/Delete`, OPERATORS],
    [`${GROUPS}/ReplayParked`, OPERATORS],
    [`${GROUPS}/RestartSubsystem`, OPERATORS],
    ['users.Users/Details', USERS],
    ['users.Users/ChangePassword', USERS],
    ['users.Users/Create', 'admin'],
    ['something.New/Method', 'admin'],
  ])('%s can be called by: %s', (method, expected) => {
    const may = Object.entries(CALLERS)
      .filter(([, caller]) => mayCall(caller, `/event_store.client.${method}`))
      .map(([name]) => name);
    expect(may.join(' ')).toBe(expected);
  });
});
