import { expect, test } from 'vitest';
import { migratedDatabase } from '../../testing/migrated-database.js';
import { clientOf, schema, SECRET } from './checks-database.js';

test('a migrated database lets its own roles in, each with its own rights, and nobody else', async () => {
  const { urls } = await migratedDatabase('checks', schema, SECRET);
  const [app, worker, auditor] = await Promise.all([urls.app, urls.worker, urls.auditor].map(clientOf));
  expect((await app?.query('select from checks'))?.rowCount).toBe(0);
  expect((await auditor?.query('select from checks'))?.rowCount).toBe(0);
  await expect(worker?.query('select from checks')).rejects.toThrow('permission denied');
  await expect(auditor?.query('delete from checks')).rejects.toThrow('permission denied');
  const stranger = await app?.query(
    `select has_database_privilege('pg_monitor', current_database(), 'connect') as enters`,
  );
  expect(stranger?.rows).toEqual([{ enters: false }]);
});
