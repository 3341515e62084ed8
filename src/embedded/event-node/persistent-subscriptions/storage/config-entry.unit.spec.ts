// A group in the configuration: the form of the real server, and the way back.
import { GROUP_SETTINGS } from '../../../../../test/support/persistent-group.js';
import { ALL, type GroupConfig } from '../config.js';
import { fromEntry, toEntry, type ConfigEntry } from './config-entry.js';

const config: GroupConfig = {
  stream: ALL,
  group: 'g',
  filter: undefined,
  startFrom: 'C:-1/P:-1',
  endedAt: 'C:77/P:77',
  settings: GROUP_SETTINGS,
};
const again = (given: GroupConfig) =>
  fromEntry(JSON.parse(JSON.stringify(toEntry(given))) as ConfigEntry);

it('leaves out what is zero or false, and knows it again', () => {
  const settings = { ...GROUP_SETTINGS, messageTimeoutMs: 0, checkpointAfterMs: 0 };
  const given = { ...config, stream: 's', startFrom: '0', endedAt: undefined, settings };
  const told = Object.keys(toEntry(given));
  for (const zero of ['startFrom', 'messageTimeout', 'checkPointAfter', 'resolveLinkTos']) {
    expect(told).not.toContain(zero);
  }
  expect(again(given)).toEqual(given);
});

it.each([
  { on: 'stream' as const, regex: '', prefixes: ['a-', 'b-'] },
  { on: 'type' as const, regex: '^A,b', prefixes: [] },
  { on: 'stream' as const, regex: '', prefixes: [''] },
  { on: 'stream' as const, regex: '', prefixes: [] },
  { on: 'stream' as const, regex: '', prefixes: ['a,b', 'c'] },
])('keeps the filter %p as it is', (filter) => {
  expect(again({ ...config, filter })).toEqual({ ...config, filter });
});
