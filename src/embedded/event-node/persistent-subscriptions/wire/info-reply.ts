// A group as GetInfo and List show it.
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import { type Consumer } from '../group/consumer.js';
import { type Group } from '../group/group.js';
import { isReplaying } from '../group/replay.js';
import { type GroupSettings } from '../group/settings.js';
import { type RunningGroup } from '../running-group.js';

type Info = InstanceType<typeof persistent.SubscriptionInfo>;

/** What a time that never comes is shown as: the largest number there is room for. */
const NEVER_MS = 2 ** 31 - 1;

export function infoOf(running: RunningGroup): Info {
  const { config, group } = running;
  const info = new persistent.SubscriptionInfo();
  info.setEventSource(config.stream);
  info.setGroupName(config.group);
  info.setStatus(statusOf(running));
  info.setConnectionsList([...group.consumers].map(connectionOf));
  info.setStartFrom(config.startFrom);
  info.setParkedMessageCount(String(running.parkedCount()));
  setSettings(info, config.settings);
  setCounts(info, group);
  return info;
}

function statusOf({ group, isBroken }: RunningGroup): string {
  const flags = [
    ...(group.isLive ? [] : ['Behind']),
    ...(isBroken ? ['OutstandingPageRequest'] : []),
    ...(isReplaying(group) ? ['ReplayingParkedMessages'] : []),
    ...(group.isLive ? ['Live'] : []),
  ];
  return flags.join(', ');
}

function setSettings(info: Info, settings: GroupSettings): void {
  info.setResolveLinkTos(settings.resolveLinks);
  info.setExtraStatistics(settings.extraStatistics);
  info.setMessageTimeoutMilliseconds(settings.messageTimeoutMs);
  info.setMaxRetryCount(settings.maxRetryCount);
  info.setLiveBufferSize(settings.liveBufferSize);
  info.setBufferSize(settings.historyBufferSize);
  info.setReadBatchSize(settings.readBatchSize);
  info.setCheckPointAfterMilliseconds(settings.checkpointAfterMs || NEVER_MS);
  info.setMinCheckPointCount(settings.minCheckpointCount);
  info.setMaxCheckPointCount(settings.maxCheckpointCount);
  info.setNamedConsumerStrategy(settings.strategy);
  info.setMaxSubscriberCount(settings.maxSubscriberCount);
}

function setCounts(info: Info, group: Group): void {
  const { waiting, inFlight, settings } = group;
  info.setTotalItems(String(group.totalItems));
  info.setAveragePerSecond(group.itemsSinceTick);
  info.setCountSinceLastMeasurement(String(group.itemsSinceTick));
  info.setLastCheckpointedEventPosition(group.checkpoint.place ?? '');
  info.setLastKnownEventPosition(group.lastKnown ?? '');
  info.setReadBufferCount(waiting.fresh);
  info.setRetryBufferCount(waiting.retries);
  const live = Math.min(group.liveEvents, Math.max(settings.liveBufferSize, 0));
  info.setLiveBufferCount(String(live));
  info.setTotalInFlightMessages(inFlight.size);
  info.setOutstandingMessagesCount(inFlight.size);
}

function connectionOf(consumer: Consumer) {
  const connection = new persistent.SubscriptionInfo.ConnectionInfo();
  connection.setUsername(consumer.user);
  connection.setConnectionName(consumer.connectionName);
  connection.setAverageItemsPerSecond(consumer.itemsSinceTick);
  connection.setTotalItems(String(consumer.totalItems));
  connection.setCountSinceLastMeasurement(String(consumer.itemsSinceTick));
  connection.setAvailableSlots(consumer.slots - consumer.inFlight);
  connection.setInFlightMessages(consumer.inFlight);
  connection.setObservedMeasurementsList(
    consumer.latencies.measurements().map(([name, milliseconds]) => {
      const measurement = new persistent.SubscriptionInfo.Measurement();
      measurement.setKey(name);
      measurement.setValue(String(milliseconds));
      return measurement;
    }),
  );
  return connection;
}
