// All persistent subscriptions of a node: makes, changes, deletes and finds groups, one change after
// the other, each stored before it is answered.
import { notReady } from '../errors.js';
import { type NodeStore } from '../store/node-store.js';
import { isHiddenFromAll } from '../store/system-streams.js';
import { keyOf, type GroupConfig } from './config.js';
import { groupExists, groupFailed, groupMissing, type GroupName } from './errors.js';
import { checkBuffers, checkedGroup, type AskedGroup } from './group-checks.js';
import { startLiveFeed } from './live-feed.js';
import { isEnd } from './place.js';
import { startGroup, type RunningGroup } from './running-group.js';
import { endOf } from './source/open-source.js';
import { readConfig, writeConfig } from './storage/config-stream.js';
import { checkpointStreamOf, parkedStreamOf, remove } from './storage/own-streams.js';

export interface PersistentSubscriptions {
  create(asked: AskedGroup, user: string): Promise<void>;
  /** The filter stays; the start counts as long as there is no checkpoint. */
  update(asked: AskedGroup, user: string): Promise<void>;
  delete(name: GroupName, user: string): Promise<void>;
  /** Throws if there is no such group. */
  find(name: GroupName): RunningGroup;
  /** By source, in the order of their making; throws if the stream, or $all, never had a group. */
  list(stream: string | undefined): RunningGroup[];
  /** Drops all consumers and begins anew, from what is stored. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const TICK_MS = 1000;

interface State {
  readonly store: NodeStore;
  /** By key, in the order of their making. */
  groups: Map<string, RunningGroup>;
  /** Streams that have or had a group since the start. */
  readonly streams: Set<string>;
  isStopped: boolean;
}

export function startPersistentSubscriptions(store: NodeStore): PersistentSubscriptions {
  const state: State = { store, groups: new Map(), streams: new Set(), isStopped: false };
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = state.isStopped ? Promise.reject(notReady()) : last.then(work);
    last = done.catch(() => {});
    return done;
  };
  const all = () => [...state.groups.values()];
  const of = (stream: string) => all().filter(({ config }) => config.stream === stream);
  startAll(state, readConfig(store));
  const feed = startLiveFeed(store, {
    isListening: () => state.groups.size > 0,
    event: (event) => {
      for (const group of state.groups.values()) group.committed(event);
    },
    commit: () => {
      for (const group of state.groups.values()) {
        if (isHiddenFromAll(group.config.stream)) group.lookAgain();
      }
    },
  });
  const clock = setInterval(() => all().forEach((group) => group.tick()), TICK_MS);
  return {
    create: (asked, user) => inTurn(() => create(state, asked, user)),
    update: (asked, user) => inTurn(() => update(state, asked, user)),
    delete: (name, user) => inTurn(() => deleteGroup(state, name, user)),
    find: (name) => {
      const found = state.groups.get(keyOf(name));
      if (found?.config.stream !== name.stream) throw groupMissing(name);
      return found;
    },
    list: (stream) => {
      if (stream === undefined) return [...state.streams].flatMap(of);
      if (!state.streams.has(stream)) throw groupMissing({ stream, group: '' });
      return of(stream);
    },
    restart: () =>
      inTurn(async () => {
        const configs = readConfig(store);
        await stopAll(state);
        startAll(state, configs);
      }),
    stop: async () => {
      const stopped = inTurn(() => stopAll(state));
      state.isStopped = true;
      clearInterval(clock);
      feed.stop();
      await stopped;
    },
  };
}

async function stopAll({ groups }: State): Promise<void> {
  await Promise.all([...groups.values()].map((group) => group.stop()));
}

function startAll(state: State, configs: GroupConfig[]): void {
  state.groups = new Map();
  for (const config of configs) start(state, config);
}

function start({ store, groups, streams }: State, config: GroupConfig): void {
  streams.add(config.stream);
  groups.set(keyOf(config), startGroup(store, config));
}

async function create(state: State, asked: AskedGroup, user: string): Promise<void> {
  const { store } = state;
  const checked = checkedGroup(asked, store.log);
  if (state.groups.has(keyOf(asked))) throw groupExists(asked);
  checkBuffers(checked);
  const config = { ...checked, endedAt: endIfAsked(store, asked) };
  await writeConfig(store, [...configsOf(state), config], user);
  start(state, config);
}

async function update(state: State, asked: AskedGroup, user: string): Promise<void> {
  const { store, groups } = state;
  const key = keyOf(asked);
  const old = groups.get(key);
  if (!old) throw groupMissing(asked);
  if (old.config.stream !== asked.stream) {
    const reason = `Subscription: '${key}' exists but it's not present in the list of subscribers`;
    throw groupFailed(asked, reason);
  }
  const checked = checkedGroup(asked, store.log);
  checkBuffers(checked);
  const { filter } = old.config;
  const config = { ...checked, filter, endedAt: endIfAsked(store, asked) };
  const configs = configsOf(state).map((other) => (other === old.config ? config : other));
  await writeConfig(store, configs, user);
  await old.stop();
  start(state, config);
}

/** Its streams go first: who makes it again must not go on where it was. */
async function deleteGroup(state: State, name: GroupName, user: string): Promise<void> {
  const { store, groups } = state;
  const key = keyOf(name);
  const group = groups.get(key);
  if (group?.config.stream !== name.stream) throw groupMissing(name);
  await group.stop();
  await remove(store, checkpointStreamOf(key));
  await remove(store, parkedStreamOf(key));
  const configs = configsOf(state).filter((config) => config !== group.config);
  await writeConfig(store, configs, user);
  groups.delete(key);
}

const endIfAsked = ({ log }: NodeStore, { startFrom, stream }: AskedGroup) =>
  isEnd(startFrom) ? endOf(log, stream) : undefined;

const configsOf = ({ groups }: State) => [...groups.values()].map(({ config }) => config);
