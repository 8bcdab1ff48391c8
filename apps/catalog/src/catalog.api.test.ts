import { ENDPOINTS, StockDepleted } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import {
  expectContract,
  expectNoDrift,
  expectTenancy,
  type TestOrganization,
  type TestService,
  testService,
} from '@comanda/service/testing';
import { beforeAll, expect, test } from 'vitest';
import { catalog } from './catalog.service.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(catalog);
  for (const organization of [it, it.other]) await sellSomething(organization);
});

/** Leaves a row in every table. */
async function sellSomething({ id: organizationId, key, location }: TestOrganization): Promise<void> {
  const variations = [{ name: { en: 'S' }, prices: { USD: 10_50 } }];
  const { body: item } = await it
    .call('post', '/v1/catalog/items', { key })
    .send({ name: { en: 'Margherita' }, variations })
    .expect(201);
  const here = `/v1/catalog/locations/${location.id}`;
  await it.call('put', `${here}/overrides/${item.id}`, { key }).send({ present: true }).expect(200);
  await it.call('post', `${here}/publish`, { key }).expect(200);
  await it.call('put', `${here}/availability/${item.id}`, { key }).send({ available: false }).expect(200);
  const level = {
    id: newId(),
    locationId: location.id,
    stockItemId: newId(),
    name: 'Flour',
    quantity: 0,
    unit: 'g',
    affected: [],
  };
  await it.deliver(StockDepleted, level, { organizationId });
}

test('every table shows an organization its own rows alone', async () => {
  for (const table of [
    'catalog_objects',
    'catalog_parts',
    'item_overrides',
    'menus',
    'publications',
    'availability',
    'stock_outs',
  ]) {
    const { rows } = await it.sql.query(`select distinct organization_id from ${table}`);
    expect(rows, table).toHaveLength(2);
  }
  await expectTenancy(it);
});

test('every route of the contract is served, and no other', () => expectContract(it));

test('the tables are what the entities say', () => expectNoDrift(catalog));

test('what was published can be neither changed nor taken back, not even by the service', async () => {
  const { rows } = await it.sql.query(
    `select table_name, privilege_type from information_schema.role_table_grants
     where table_name in ('menus', 'publications') and grantee like '%\\_app' order by 1, 2`,
  );
  expect(rows.map(({ table_name, privilege_type }) => `${table_name} ${privilege_type}`)).toEqual([
    'menus INSERT',
    'menus SELECT',
    'publications INSERT',
    'publications SELECT',
  ]);
});

test.each(ENDPOINTS.catalog.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
  '%s needs a credential',
  async (_, { method, path }) => {
    const url = path.replaceAll(/\{\w+\}/g, newId());
    const answer = await fetch(it.url + url, { method });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'credential_missing' });
  },
);
