import { describeReal, testKafka } from '@comanda/testing';
import { beforeAll } from 'vitest';
import { quiet } from '../testing/quiet.js';
import { promisesOfAnEventLog } from './event-log.contract.js';
import { KafkaLog } from './kafka-log.js';

describeReal('kafka', 'the Kafka log', () => {
  let brokers: string[];
  beforeAll(async () => {
    brokers = (await testKafka()).brokers.split(',');
  });

  promisesOfAnEventLog(() => new KafkaLog({ brokers, clientId: 'test', logger: quiet }));
});
