import { testPostgres } from '@comanda/testing';
import { beforeAll, describe } from 'vitest';
import { PostgresLog } from '../log/postgres-log.js';
import { quiet } from '../testing/quiet.js';
import { promisesOfAConsumer } from './consumer.contract.js';

let url: string;
beforeAll(async () => {
  ({ url } = await (await testPostgres()).createDatabase('log'));
});

describe('on the PostgreSQL log', () => {
  promisesOfAConsumer(() => new PostgresLog({ url, logger: quiet }));
});
