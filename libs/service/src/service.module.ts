import {
  CACHE,
  CONFIG,
  CountedCache,
  CredentialGuard,
  Credentials,
  EndpointInterceptor,
  type FindKey,
  LocalRateLimiter,
  LOGGER,
  MemoryCache,
  METRICS,
  type PlatformConfig,
  ProblemFilter,
  RATE_LIMITER,
  RedisCache,
  RedisRateLimiter,
  ROUTES,
  type Routes,
  WORKER_DATABASE,
} from '@comanda/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { ServiceDefinition } from './definition.js';
import { IdentityCopyConsumer } from './identity-copy/identity-copy.consumer.js';
import { IdentityNews } from './identity-copy/identity-news.js';
import { KnownLocations } from './identity-copy/known-locations.js';

interface Parts {
  readonly definition: ServiceDefinition;
  readonly config: PlatformConfig;
  readonly db: DataSource;
  readonly worker: DataSource;
  readonly redis: Redis | undefined;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly routes: Routes;
  readonly findKey: FindKey;
}

/** The root of every service: gives its module what the platform made, and keeps the copy of identity. */
@Module({})
export class ServiceModule {
  static of({ definition, config, db, worker, redis, log, metrics, routes, findKey }: Parts): DynamicModule {
    const provided = [
      { provide: DataSource, useValue: db },
      { provide: WORKER_DATABASE, useValue: worker },
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: log },
      { provide: METRICS, useValue: metrics },
      { provide: ROUTES, useValue: routes },
      { provide: CACHE, useValue: new CountedCache(redis ? new RedisCache(redis) : new MemoryCache(), metrics) },
      { provide: RATE_LIMITER, useValue: redis ? new RedisRateLimiter(redis) : new LocalRateLimiter() },
      { provide: Credentials, useValue: new Credentials(config, findKey) },
      KnownLocations,
      IdentityNews,
    ];
    return {
      module: ServiceModule,
      global: true,
      imports: [definition.module],
      controllers: [IdentityCopyConsumer],
      providers: [...provided, CredentialGuard, EndpointInterceptor, ProblemFilter],
      exports: provided,
    };
  }

  /** Nothing is open by default: guard, interceptor and filter stand before every route. */
  static guard(app: NestFastifyApplication): void {
    app.useGlobalGuards(app.get(CredentialGuard));
    app.useGlobalInterceptors(app.get(EndpointInterceptor));
    app.useGlobalFilters(app.get(ProblemFilter));
  }
}
