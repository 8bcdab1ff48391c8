import { describeReal, testKafka } from '@comanda/testing';
import { beforeAll } from 'vitest';
import { quiet } from '../testing/quiet.js';
import { promisesOfAnEventLog } from './event-log.contract.js';
import { KafkaLog } from './kafka-log.js';

let brokers: string[];
beforeAll(async () => {
  brokers = (await testKafka()).brokers.split(',');
});

describeReal('kafka', 'the Kafka log', () => {
  promisesOfAnEventLog(() => new KafkaLog({ brokers, clientId: 'test', logger: quiet }));
});
