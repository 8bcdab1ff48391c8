import { testPostgres } from '@comanda/testing';
import { beforeAll, describe } from 'vitest';
import { quiet } from '../testing/quiet.js';
import { promisesOfAnEventLog } from './event-log.contract.js';
import { PostgresLog } from './postgres-log.js';

let url: string;
beforeAll(async () => {
  ({ url } = await (await testPostgres()).createDatabase('log'));
});

describe('the PostgreSQL log', () => {
  promisesOfAnEventLog(() => new PostgresLog({ url, logger: quiet }));
});
