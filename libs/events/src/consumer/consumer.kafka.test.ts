import { describeReal, testKafka } from '@comanda/testing';
import { beforeAll } from 'vitest';
import { KafkaLog } from '../log/kafka-log.js';
import { quiet } from '../testing/quiet.js';
import { promisesOfAConsumer } from './consumer.contract.js';

describeReal('kafka', 'on the Kafka log', () => {
  let brokers: string[];
  beforeAll(async () => {
    brokers = (await testKafka()).brokers.split(',');
  });

  promisesOfAConsumer(() => new KafkaLog({ brokers, clientId: 'test', logger: quiet }));
});
