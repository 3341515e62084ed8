// What else differs from EventStoreDB 24.6.0: five things at most, none about appends, reads or
// acknowledgements.
import { type Exception } from './exceptions.js';

export const OTHER_EXCEPTIONS: readonly Exception[] = [
  {
    where: 'Monitoring, Operations, Redaction; Users without TLS',
    recorded: 'there, and advertised',
    ours: 'UNIMPLEMENTED, not advertised',
    reason: 'nothing here to operate',
    steps: {
      'server: features': ['methods'],
      'secure: other services': [
        'Monitoring.stats',
        'Operations.restartPersistentSubscriptions',
        'Operations.mergeIndexes',
      ],
    },
  },
  {
    where: 'HTTP/1 but for `/health/live`, which over HTTP/2 answers 415',
    recorded: 'JSON',
    ours: '404',
    reason: 'the web interface of another product',
    steps: {
      'secure: tls': [
        'HTTP/1 GET /info',
        'HTTP/1 GET /gossip',
        'HTTP/1 GET /ping',
        'HTTP/1 GET /streams/su',
        'HTTP/1 GET /users',
        'HTTP/1 GET /subscriptions',
        'HTTP/1 GET /nothing',
        'HTTP/2 GET /health/live',
      ],
    },
  },
  {
    where: 'HTTP/2 headers',
    recorded: 'refusals have `server`, `content-length`; spaces around Basic are taken',
    ours: 'without them; no header, so anonymous',
    reason: 'HTTP/2 forbids such spaces, and Node drops the header',
    steps: {
      'secure: statuses in full': [
        'every trailer of a wrong password',
        'every trailer of a refusal',
      ],
      'secure: authorization headers': ['space in front', 'space behind'],
    },
  },
  {
    where: 'filter prefixes',
    recorded: 'compared by culture',
    ours: 'compared by character',
    reason: 'invisible characters match anything there',
    steps: {},
  },
];
