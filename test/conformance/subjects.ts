// All scenarios, in the order in which they are played one after the other.
import { type Scenarios, type Subject } from './scenario.js';
import { appendErrors } from './scenarios/append-errors.js';
import { appendEvents } from './scenarios/append-events.js';
import { appendStreamNames } from './scenarios/append-stream-names.js';
import { appendThroughTheClient } from './scenarios/append-through-the-client.js';
import { batch } from './scenarios/batch.js';
import { batchFaults } from './scenarios/batch-faults.js';
import { decision } from './scenarios/decision.js';
import { deletion } from './scenarios/deletion.js';
import { acknowledging } from './scenarios/persistent/acknowledging.js';
import { groupBuffers } from './scenarios/persistent/buffers.js';
import { groupCheckpoints } from './scenarios/persistent/checkpoints.js';
import { comingsAndGoings } from './scenarios/persistent/comings-and-goings.js';
import { consuming } from './scenarios/persistent/consuming.js';
import { groupCreation } from './scenarios/persistent/creation.js';
import { groupManagement } from './scenarios/persistent/management.js';
import { parking } from './scenarios/persistent/parking.js';
import { restarting } from './scenarios/persistent/restarting.js';
import { groupSettings } from './scenarios/persistent/settings.js';
import { sources } from './scenarios/persistent/sources.js';
import { strategies } from './scenarios/persistent/strategies.js';
import { groupsThroughTheClient } from './scenarios/persistent/through-the-client.js';
import { readAll } from './scenarios/read-all.js';
import { readBounds } from './scenarios/read-bounds.js';
import { readLinks } from './scenarios/read-links.js';
import { readMetadata } from './scenarios/read-metadata.js';
import { readRequests } from './scenarios/read-requests.js';
import { reading } from './scenarios/reading.js';
import { recreation } from './scenarios/recreation.js';
import { secureAccess } from './scenarios/secure/access.js';
import { secureCredentials } from './scenarios/secure/credentials.js';
import { secureServices } from './scenarios/secure/services.js';
import { secureTransport } from './scenarios/secure/transport.js';
import { secureUsers } from './scenarios/secure/users.js';
import { server } from './scenarios/server.js';
import { checkpoints } from './scenarios/checkpoints.js';
import { filters } from './scenarios/filters.js';
import { subscribeThroughTheClient } from './scenarios/subscribe-through-the-client.js';
import { subscribeToAll } from './scenarios/subscribe-to-all.js';
import { subscribeToStreams } from './scenarios/subscribe-to-streams.js';
import { type Server } from './wire/server.js';

const SUBJECTS: readonly Subject[] = [
  server,
  appendThroughTheClient,
  appendErrors,
  appendEvents,
  appendStreamNames,
  batch,
  batchFaults,
  decision,
  deletion,
  recreation,
  reading,
  readBounds,
  readLinks,
  readAll,
  readRequests,
  readMetadata,
  subscribeToStreams,
  subscribeToAll,
  subscribeThroughTheClient,
  checkpoints,
  filters,
  groupsThroughTheClient,
  groupCreation,
  groupSettings,
  groupManagement,
  consuming,
  acknowledging,
  parking,
  groupCheckpoints,
  restarting,
  groupBuffers,
  strategies,
  comingsAndGoings,
  sources,
  secureUsers,
  secureAccess,
  secureServices,
  secureCredentials,
  secureTransport,
];

export const scenariosFor = (server: Server): Scenarios =>
  Object.assign({}, ...SUBJECTS.map((subject) => subject(server))) as Scenarios;
