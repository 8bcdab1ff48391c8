export { freePort } from '@comanda/embedded';
export { describeReal } from './describe-real.js';
export { eventually } from './eventually.js';
export { startKafka, startRedis, startStripeMock, whyMissing } from './servers/index.js';
export type { KafkaBroker, KafkaOptions, Real, RedisServer, StripeMock } from './servers/index.js';
export { testPage } from './test-page.js';
export { testKafka, testPostgres, testPython, testRedis } from './test-servers.js';
export type { TestDatabase, TestPostgres } from './test-servers.js';
