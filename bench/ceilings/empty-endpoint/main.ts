// Our own HTTP server with one endpoint that does nothing: what is left of a request that is authenticated,
// validated and answered in the envelope.
import 'reflect-metadata';
import { type AddressInfo } from 'node:net';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from '../../../src/identity/access.guard.js';
import { JwtStrategy } from '../../../src/identity/jwt.strategy.js';
import { createHttpApplication } from '../../../src/platform/http/server.js';
import { createLogger } from '../../../src/platform/logger.js';
import { createRegistry } from '../../../src/platform/metrics-page.js';
import { runProcess } from '../../../src/platform/process-frame.js';
import { NothingController } from './controller.js';

const DRAIN_TIMEOUT_MS = 10_000;

@Module({})
class NothingModule {
  static verifying(secret: string): DynamicModule {
    const jwt = {
      key: { kind: 'secret', secret },
      issuer: undefined,
      audience: undefined,
    } as const;
    return {
      module: NothingModule,
      controllers: [NothingController],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: JwtStrategy, useFactory: () => new JwtStrategy(jwt) },
      ],
    };
  }
}

const log = createLogger('empty-endpoint', 'warn');
process.exit(
  await runProcess({
    logger: log,
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
    start: async () => {
      const module = NothingModule.verifying(process.env['JWT_SECRET'] ?? '');
      const app = await createHttpApplication(module, {
        log,
        known: [],
        registry: createRegistry(),
      });
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.getHttpServer().address() as AddressInfo;
      return { port, stop: () => app.close() };
    },
  }),
);
