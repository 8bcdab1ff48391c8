import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { Comanda, type Order } from '@comanda/client';
import { type ApiKey, type Item, SERVICES } from '@comanda/contracts';
import type { DeadLetter } from '@comanda/events';
import { createLog } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { SANDBOX_PSP } from '@comanda/sandbox-psp';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Demo } from '../platform/home.js';
import { services } from '../platform/services.js';
import { doorsTo } from './testing/doors.js';
import { complaintsIn, type Ended, PlatformUnderTest } from './testing/running-platform.js';

// Many processes, one after the other, on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

let platform: PlatformUnderTest;
let seeded: Ended;
let demo: Demo;

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
  await platform.begin('--no-demo');
  seeded = await platform.run('seed', '--json');
  demo = json<Demo>(seeded);
}, 180_000);

/** What a command that was told `--json` printed: all of its output, and nothing else. */
function json<T>({ code, stdout, stderr }: Ended): T {
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

const words = (line: string): string[] => line.split(' ');

/** The line of a table that begins with this. */
const lineOf = ({ stdout }: Ended, first: string): string | undefined =>
  stdout.split('\n').find((line) => line.startsWith(first));

const ask = (path: string, key = demo.apiKey): Promise<Response> =>
  fetch(demo.baseUrl + path, { headers: { authorization: `Bearer ${key}` } });

const client = (): Comanda => new Comanda(demo);

const EVERYWHERE = [
  '/v1/identity/organization',
  '/v1/catalog/items',
  '/v1/orders',
  '/v1/payments',
  '/v1/inventory/levels',
  '/v1/loyalty/customers/00000000-0000-7000-8000-000000000000',
];

/** Which paths know the key: 404 is an answer, too. */
const knownAt = async (key: string): Promise<string[]> => {
  const answers = await Promise.all(EVERYWHERE.map(async (path) => ({ path, status: (await ask(path, key)).status })));
  return answers.filter(({ status }) => [200, 404].includes(status)).map(({ path }) => path);
};

describe('seed', () => {
  test('makes the demo chain on a platform that was started without it', () => {
    expect(demo.locations.map(({ name }) => name)).toEqual([
      'Pizza Place Downtown',
      'Pizza Place Lakeside',
      'Pizza Place Roma',
    ]);
  });

  test('finds it again when it is repeated', async () => {
    const again = await platform.run('seed');
    expect(again).toMatchObject({ code: 0, stdout: `Demo key ${demo.apiKey}\n`, stderr: '' });
  });

  test('changes nothing when nothing answers there', async () => {
    const ended = await platform.run('seed', '--url', 'http://127.0.0.1:1');
    expect([ended.code, ended.stdout, complaintsIn(ended)]).toEqual([
      1,
      '',
      [
        expect.stringMatching(
          /^Nothing answers at http:\/\/127\.0\.0\.1:1: .* Is the platform running \(npm start\)\?$/,
        ),
      ],
    ]);
  });
});

describe('keys', () => {
  const SCOPES = 'organization:read,catalog:read,orders:read,payments:read,inventory:read,loyalty:read';

  test('a key is shown once, alone on stdout, and works in every service', async () => {
    const made = await platform.run('keys', 'create', '--name', 'Once', '--scopes', SCOPES);
    expect([made.code, complaintsIn(made)]).toEqual([
      0,
      ['Keep it: it is stored nowhere. Every service knows it within a few seconds.'],
    ]);
    const key = made.stdout.trim();
    await eventually(async () => expect(await knownAt(key)).toEqual(EVERYWHERE), { within: 5_000 });
    const listed = await platform.run('keys', 'list');
    expect(listed.stdout).not.toContain(key);
    expect(listed.stdout).toMatch(/^\S+ +Once +live +\S/m);
  });

  test('a key is made for one location, slower, and for a while', async () => {
    const [location] = demo.locations;
    const made = json<ApiKey>(
      await platform.run(
        ...words('keys create --name Till --scopes orders:write --rate 5 --expires 2030-01-01T00:00:00Z --json'),
        ...words(`--location ${location?.id}`),
      ),
    );
    expect(made).toMatchObject({
      locationIds: [location?.id],
      ratePerSecond: 5,
      expiresAt: '2030-01-01T00:00:00.000Z',
      scopes: ['orders:write'],
    });
    const rotated = await platform.run('keys', 'rotate', made.id);
    expect([rotated.code, complaintsIn(rotated)]).toEqual([
      1,
      ['This key is valid until 2030-01-01T00:00:00.000Z: say with --expires how long the new one is.'],
    ]);
  });

  test('a key is rotated: both work, a third is refused, and the old one is refused everywhere within five seconds of its end', async () => {
    const old = json<ApiKey & { key: string }>(
      await platform.run('keys', 'create', '--name', 'Kiosk', '--scopes', SCOPES, '--json'),
    );
    const rotated = json<ApiKey & { key: string }>(await platform.run('keys', 'rotate', old.id, '--json'));
    expect(rotated).toMatchObject({ name: 'Kiosk', scopes: old.scopes, ratePerSecond: 100, rotates: old.id });
    await eventually(
      async () => expect([await knownAt(old.key), await knownAt(rotated.key)]).toEqual([EVERYWHERE, EVERYWHERE]),
      { within: 5_000 },
    );

    const third = await platform.run('keys', 'rotate', old.id);
    expect([third.code, third.stdout, complaintsIn(third)]).toEqual([
      1,
      '',
      [expect.stringMatching(/^\S.* \(POST \/v1\/identity\/keys: 409 key_limit_reached\)$/)],
    ]);

    expect(await platform.run('keys', 'revoke', old.id)).toMatchObject({ code: 0, stdout: 'Kiosk is revoked.\n' });
    await eventually(async () => expect(await knownAt(old.key)).toEqual([]), { within: 5_000 });
    expect(await knownAt(rotated.key)).toEqual(EVERYWHERE);
    expect(json<ApiKey[]>(await platform.run('keys', 'list', '--json'))).toContainEqual(
      expect.objectContaining({ id: old.id, revokedAt: expect.any(String) }),
    );
  });

  test.each([
    ['keys revoke 00000000-0000-7000-8000-000000000000', /^There is no such key\. \(POST .*: 404 not_found\)$/],
    ['keys rotate kiosk', /^There is no key kiosk: see keys list\.$/],
    ['keys list --key guessed', /^The credential is unknown.* \(GET \/v1\/identity\/keys: 401 credential_invalid\)$/],
  ])('%s is refused in one sentence', async (line, sentence) => {
    const ended = await platform.run(...words(line));
    expect([ended.code, ended.stdout, complaintsIn(ended)]).toEqual([1, '', [expect.stringMatching(sentence)]]);
  });
});

describe('import', () => {
  /** A file beside the platform, and the arguments that import it for the first location, in dollars. */
  async function menu(name: string, text: string | Uint8Array): Promise<string[]> {
    await writeFile(join(platform.folder, name), text);
    return ['import', name, '--currency', 'USD', '--location', demo.locations[0]?.id ?? ''];
  }
  const onSale = async (): Promise<{ hash: string; text: string }> => {
    const answer = await ask(`/v1/catalog/locations/${demo.locations[0]?.id}/menu`);
    const text = await answer.text();
    return { hash: (JSON.parse(text) as { hash: string }).hash, text };
  };
  const drafted = async (): Promise<string> => (await ask('/v1/catalog/items?limit=200')).text();

  test('drafts and publishes, and says what changed; again, it changes nothing', async () => {
    const args = await menu('drinks.csv', 'item,variation,price,category\nTea,,2.50,Drinks\nCoffee,L,3.20,Drinks\n');
    const first = await platform.run(...args);
    expect(first, first.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(lineOf(first, '2 lines')).toMatch(/^2 lines +new +changed +unchanged$/);
    expect(lineOf(first, 'variations')).toMatch(/^variations +2 +0 +0$/);
    expect(lineOf(first, demo.locations[0]?.id ?? '')).toMatch(/ sells from [0-9a-f]{12} now$/);
    expect((await onSale()).text).toContain('"Coffee"');

    const again = json<{ imported: object; published: object[] }>(await platform.run(...args, '--json'));
    expect(again).toMatchObject({
      imported: { lines: 2, variations: { created: 0, changed: 0, unchanged: 2 } },
      published: [{ locationId: demo.locations[0]?.id, changed: false }],
    });
  });

  test('takes what a spreadsheet in Italy exports', async () => {
    const args = await menu('carta.csv', Buffer.from('item;price\nCaffè;1,20\n', 'latin1'));
    const ended = await platform.run(...args, '--encoding', 'windows-1252', '--delimiter', ';', '--decimal', ',');
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect((await onSale()).text).toContain('"Caffè"');
  });

  test('reports each bad row by its line and column, and imports none of the file', async () => {
    const before = await drafted();
    const args = await menu('bad.csv', 'item,variation,price\nFocaccia,,4.50\nSalad,,cheap\n,S,3.00\n');
    const ended = await platform.run(...args);
    expect([ended.code, ended.stdout, complaintsIn(ended)]).toEqual([
      1,
      '',
      ['bad.csv:3:price: cheap is not an amount of USD.', 'bad.csv:4:item: Is missing.', 'Nothing was imported.'],
    ]);
    expect(await drafted()).toBe(before);
  });

  test('tries without changing anything', async () => {
    const before = await drafted();
    const args = await menu('soup.csv', 'item,price\nSoup of the day,6.00\n');
    expect(json(await platform.run(...args, '--dry-run', '--json'))).toMatchObject({
      imported: { dryRun: true, items: { created: 1 } },
      published: [],
    });
    expect(await drafted()).toBe(before);
  });

  test('keeps a draft that cannot be sold as it stands, says why, and leaves the menus as they are', async () => {
    const water = await menu('water.csv', 'item,price\nWater,1.00\n');
    await platform.run(...water);
    const before = await onSale();
    const { data } = JSON.parse(await drafted()) as { data: Item[] };
    const item = data.find(({ name }) => name['en'] === 'Water') as Item;
    const roma = `/v1/catalog/locations/${demo.locations[2]?.id}/overrides/${item.id}`;
    const override = (method: 'PUT' | 'DELETE', body?: object) =>
      fetch(demo.baseUrl + roma, {
        method,
        headers: {
          authorization: `Bearer ${demo.apiKey}`,
          ...(body ? { 'content-type': 'application/json' } : { 'if-match': '"1"' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
    expect(
      (await override('PUT', { variations: [{ variationId: item.variations[0]?.id, present: true }] })).status,
    ).toBe(200);
    const ended = await platform.run(...water.slice(0, 4));
    expect((await override('DELETE')).ok).toBe(true);
    expect(ended.code).toBe(1);
    expect(complaintsIn(ended)).toContain('Pizza Place Roma: Water (Regular) has no price in EUR.');
    expect(complaintsIn(ended).at(-1)).toBe(
      'It is drafted, but nothing was published: the draft cannot be sold as it stands.',
    );
    expect((await onSale()).hash).toBe(before.hash);
  });

  test('publishes where there is a price, and names what is not sold where there is none', async () => {
    const ended = await platform.run(...(await menu('juice.csv', 'item,price\nJuice,2.00\n')).slice(0, 4));
    expect(ended.code).toBe(0);
    expect(complaintsIn(ended)).toContain('Pizza Place Roma: Juice (Regular) has no price in EUR.');
    expect((await onSale()).text).toContain('Juice');
  });

  test.each(['carta.csv', 'carta.json'])('takes what export writes to %s, and changes nothing by it', async (file) => {
    const exported = await platform.run('export', file);
    expect(exported, exported.stderr).toMatchObject({ code: 0, stdout: `${file}\n` });
    const before = await drafted();
    const again = json<{ imported: object }>(await platform.run('import', file, '--dry-run', '--json'));
    expect(again.imported).toMatchObject({ changes: [] });
    await writeFile(join(platform.folder, 'broken.json'), '{"format":"comanda.catalog.v1","items":[{"id":7}]}');
    const broken = await platform.run('import', 'broken.json');
    expect(broken.code).toBe(1);
    expect(complaintsIn(broken)).toContainEqual(expect.stringMatching(/^broken.json:\/items\/0\/id: /));
    expect(await drafted()).toBe(before);
  });

  test('says that a file is not there', async () => {
    const ended = await platform.run('import', 'nowhere.csv');
    expect([ended.code, complaintsIn(ended)]).toEqual([1, ['There is no file nowhere.csv.']]);
  });
});

describe('migrate', () => {
  test('makes everything where there is nothing; the second time it changes nothing', async () => {
    const fresh = await PlatformUnderTest.create();
    const first = json<{ what: string; ran: string[] }[]>(await fresh.run('migrate', '--json'));
    expect(first.map(({ what }) => what)).toEqual([...SERVICES, SANDBOX_PSP, 'event log']);
    expect(first.every(({ ran }) => ran.length > 0)).toBe(true);
    const second = json<{ what: string; ran: string[] }[]>(await fresh.run('migrate', '--json'));
    expect(second).toEqual(first.map(({ what }) => ({ what, ran: [] })));
  });

  test('is harmless while the platform runs', async () => {
    const ended = await platform.run('migrate');
    expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
    for (const what of ['orders', 'event log']) expect(lineOf(ended, what)).toMatch(/ up to date$/);
  });
});

describe('webhooks', () => {
  test('K1: from a point in time events are sent again by the command line, which also lists endpoints and pings them', async () => {
    const send = async <T>(path: string, body: object): Promise<T> => {
      const answer = await fetch(demo.baseUrl + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${demo.apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(201);
      return (await answer.json()) as T;
    };
    const from = new Date().toISOString();
    const url = 'https://hooks.invalid/';
    const { id } = await send<{ id: string }>('/v1/webhooks', { url, eventTypes: ['comanda.staff.changed.v1'] });
    await send('/v1/identity/staff', { name: 'Ada', role: 'waiter', locationIds: null });
    const deliveries = async (): Promise<{ eventType: string }[]> =>
      ((await (await ask(`/v1/webhooks/${id}/deliveries`)).json()) as { data: { eventType: string }[] }).data;
    await eventually(async () => expect(await deliveries()).toHaveLength(1), { within: 25_000 });

    const listed = await platform.run('webhooks', 'list');
    expect(lineOf(listed, id)).toMatch(/ https:\/\/hooks\.invalid\/ .* comanda\.staff\.changed\.v1$/);
    expect(json(await platform.run('webhooks', 'ping', id, '--json'))).toMatchObject({ endpointId: id });
    const replayed = await platform.run('webhooks', 'replay', id, '--from', from, '--json');
    expect(json(replayed)).toEqual({ deliveries: 1 });
    const none = await platform.run('webhooks', 'replay', id, '--from', from, '--to', from);
    expect(none).toMatchObject({ code: 0, stdout: '0 events are on their way.\n', stderr: '' });
    const unknown = await platform.run('webhooks', 'ping', randomUUID());
    expect([unknown.code, unknown.stdout]).toEqual([1, '']);
    expect(complaintsIn(unknown)[0]).toMatch(/404 not_found/);
  });
});

describe('dlq', () => {
  /** Brings something that is no event to the log, past every outbox. Resolves to its key. */
  async function poison(): Promise<string> {
    const running = await platform.home.running();
    const environment = { ...running?.environment, COMANDA_SECRET: await platform.home.secret() };
    const log = openEventLog(environment, { clientId: 'poison', log: createLog('poison', 'silent') });
    const key = randomUUID();
    const headers = {
      ce_id: randomUUID(),
      ce_type: 'comanda.order.placed.v1',
      ce_subject: key,
      ce_aggregateversion: '1',
    };
    await log
      .append([{ topic: 'comanda.orders.v1', key, value: Buffer.from('{'), headers }])
      .finally(() => log.close());
    return key;
  }
  /** The groups of all services that are told of orders. */
  const HEAR_OF_ORDERS = new Set(
    services
      .filter(({ consumes }) => consumes.some(({ type }) => type === 'comanda.order.placed.v1'))
      .map(({ name }) => `comanda.${name}`),
  );
  const lettersOf = async (key: string): Promise<DeadLetter[]> =>
    json<DeadLetter[]>(await platform.run('dlq', 'list', '--json')).filter((letter) => letter.key === key);
  const parked = (key: string): Promise<DeadLetter[]> =>
    eventually(
      async () => {
        const letters = await lettersOf(key);
        expect(new Set(letters.map(({ group }) => group))).toEqual(HEAR_OF_ORDERS);
        expect(letters).toHaveLength(HEAR_OF_ORDERS.size);
        return letters;
      },
      { within: 25_000 },
    );

  test('lists what every service parked, and why; a letter is sent again to one service alone', async () => {
    const letters = await parked(await poison());
    const [ofInventory] = letters.filter(({ group }) => group === 'comanda.inventory');
    const id = ofInventory?.id ?? '';
    const listed = await platform.run('dlq', 'list', '--service', 'inventory');
    expect(lineOf(listed, id)).toMatch(/ comanda\.order\.placed\.v1 +\S+ +waits +UnreadableEvent: \S/);
    expect(listed.stdout).not.toContain('comanda.loyalty/');

    expect(json(await platform.run('dlq', 'replay', id, '--service', 'inventory', '--json'))).toEqual({ sent: 1 });
    await eventually(
      async () => {
        const again = await lettersOf(ofInventory?.key ?? '');
        expect(again.find((letter) => letter.id === id)).toMatchObject({ replayedAt: null });
        expect(again.find((letter) => letter.id === id)?.parkedAt).not.toBe(ofInventory?.parkedAt);
        expect(again.filter((letter) => letter.id !== id)).toEqual(letters.filter((letter) => letter.id !== id));
      },
      { within: 25_000 },
    );
  });

  test('says so when a letter does not wait for the service', async () => {
    const ended = await platform.run('dlq', 'replay', 'comanda.orders/nothing/0/0', '--service', 'orders');
    expect([ended.code, ended.stdout, complaintsIn(ended)]).toEqual([
      1,
      '0 sent again.\n',
      ['1 of these are no letters that wait for orders: see dlq list.'],
    ]);
  });
});

describe('outbox', () => {
  const waiting = async (): Promise<{ service: string; rows: number; age: number }[]> =>
    json(await platform.run('outbox', 'status', '--json'));
  const nothingWaits = SERVICES.map((service) => ({ service, rows: 0, age: 0 }));

  test('shows what waits, and publishes again what a log has lost: nothing happens twice', async () => {
    await eventually(async () => expect(await waiting()).toEqual(nothingWaits), { within: 25_000 });
    const before = await (await ask('/v1/inventory/levels?limit=200')).text();
    for (const service of ['identity', 'inventory']) {
      const sent = await platform.run('outbox', 'replay', '--service', service, '--from', '2020-01-01', '--json');
      expect(json<{ sent: number }>(sent).sent).toBeGreaterThan(0);
    }
    await eventually(async () => expect(await waiting()).toEqual(nothingWaits), { within: 25_000 });
    expect(await (await ask('/v1/inventory/levels?limit=200')).text()).toBe(before);
    expect(lineOf(await platform.run('outbox', 'status'), 'orders')).toMatch(/^orders +0 +0$/);
  });

  test('publishes nothing again from a time in which there was nothing', async () => {
    const ended = await platform.run(...words('outbox replay --service orders --from 2020-01-01 --to 2020-01-02'));
    expect(ended).toMatchObject({ code: 0, stdout: '0 events of orders will be published again.\n' });
  });
});

describe('audit', () => {
  test('proves nothing where nothing was sold, and says so', async () => {
    const ended = await platform.run('audit');
    expect(ended.code).toBe(1);
    expect(lineOf(ended, 'I1 ')).toMatch(/^I1 +NO ROWS +0 rows /);
    expect(lineOf(ended, 'I9 ')).toMatch(/^I9 +holds +\d+ rows /);
    expect(complaintsIn(ended)).toEqual([
      'Nothing is broken, but I1, I2, I3, I4, I8 found nothing to look at: sell something first.',
    ]);
  });

  test('prints its findings as JSON, and ends with 1 all the same', async () => {
    const { code, stdout } = await platform.run('audit', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ holds: false, findings: expect.any(Array) });
  });

  test('names the row that is broken', async () => {
    const sql = await platform.sql('inventory');
    const add = (grams: number) =>
      sql.query<{ item: string }>(
        `update levels set quantity = quantity + $1 where id = (select min(id::text)::uuid from levels)
         returning stock_item_id as item`,
        [grams],
      );
    const { rows } = await add(1);
    onTestFinished(async () => void (await add(-1)));
    const ended = await platform.run('audit');
    expect(ended.code).toBe(1);
    expect(lineOf(ended, 'I7 ')).toMatch(/^I7 +BROKEN +\d+ rows /);
    expect(ended.stdout).toMatch(
      new RegExp(`Stock item ${rows[0]?.item} at \\S+: the level says \\d+, its movements \\d+\\.`),
    );
    expect(complaintsIn(ended)).toEqual(['I7 does not hold.']);
  });
});

describe('organizations', () => {
  test('shows whose key it is, its mode and its locations', async () => {
    const shown = await platform.run('organizations');
    expect(shown, shown.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(lineOf(shown, 'Pizza Place')).toBe(`Pizza Place  ${demo.organizationId}  test  en it`);
    expect(lineOf(shown, demo.locations[2]?.id ?? '')).toMatch(/ Pizza Place Roma +EUR +Europe\/Rome +IT$/);
    const told = json<{ organization: object; locations: object[] }>(await platform.run('organizations', '--json'));
    expect(told).toMatchObject({ organization: { id: demo.organizationId, mode: 'test' }, locations: demo.locations });
  });
});

describe('organizations create', () => {
  test('begins a chain, whose first key works everywhere and sees nothing of the others', async () => {
    const made = await platform.run(
      'organizations',
      'create',
      '--name',
      'Osteria',
      '--mode',
      'live',
      '--languages',
      'it, en',
    );
    expect(made, made.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+\n$/) });
    const key = made.stdout.trim();
    const [, id] = /^Osteria is organization (\S+)\. Keep its key/m.exec(made.stderr) ?? [];
    await eventually(async () => expect(await knownAt(key)).toEqual(EVERYWHERE), { within: 10_000 });
    expect(lineOf(await platform.run('organizations', '--key', key), 'Osteria')).toBe(`Osteria  ${id}  live  it en`);
    const orders = await platform.run('orders', 'list', '--key', key, '--json');
    expect([orders.code, json(orders)]).toEqual([0, []]);
    const told = await platform.run('organizations', 'create', '--name', 'Trial', '--mode', 'test', '--json');
    expect(json(told)).toEqual({
      organization: { id: expect.any(String), name: 'Trial', mode: 'test', languages: ['en'] },
      apiKey: expect.any(String),
    });
  });

  test.each([
    ['--name  --mode live', /^--name: /],
    ['--name Bar --mode live --languages english-please', /^--languages: /],
  ])('%s is refused in one sentence: 2', async (line, sentence) => {
    const ended = await platform.run('organizations', 'create', ...line.split(' '));
    expect([ended.code, ended.stdout, complaintsIn(ended)]).toEqual([2, '', [expect.stringMatching(sentence)]]);
  });
});

describe('menus', () => {
  const [drafted, onSale] = [{ USD: 7_00 }, { USD: 6_50 }];
  const changed = async (): Promise<{ location: string; changed: boolean; changes: object[] }[]> =>
    json(await platform.run('menus', 'diff', '--json'));

  test('lists what each location sells from', async () => {
    const listed = json<{ locationId: string; menu: { hash: string; menuVersion: number } }[]>(
      await platform.run('menus', 'list', '--json'),
    );
    expect(listed.map(({ locationId }) => locationId)).toEqual(demo.locations.map(({ id }) => id));
    const [first] = listed;
    const shown = await platform.run('menus', 'list');
    expect(lineOf(shown, first?.locationId ?? '')).toMatch(
      new RegExp(` ${first?.menu.menuVersion} +\\d+ +\\S+Z +${first?.menu.hash.slice(0, 12)}$`),
    );
  });

  test('says in words what publishing would change, and nothing where nothing would', async () => {
    const price = async (prices: object): Promise<string> => {
      const file = `diff-${JSON.stringify(prices).replaceAll(/\W/g, '')}.csv`;
      const [currency = '', amount] = Object.entries(prices)[0] ?? [];
      await writeFile(
        join(platform.folder, file),
        `item,price,currency\nLimonata,${Number(amount) / 100},${currency}\n`,
      );
      return file;
    };
    const first = await platform.run('import', await price(onSale), '--location', demo.locations[0]?.id ?? '');
    expect(first, first.stderr).toMatchObject({ code: 0 });
    const [, untouched] = await changed();
    expect(untouched?.changes).toContainEqual({ kind: 'added', what: 'Limonata (Regular)', detail: '6.50 USD' });
    expect((await platform.run('import', await price(drafted), '--no-publish')).code).toBe(0);

    const shown = await platform.run('menus', 'diff', '--location', demo.locations[0]?.id ?? '');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toBe('Pizza Place Downtown: 1 change\n  ~ Limonata (Regular): price 6.50 USD → 7.00 USD\n');
    const publish = await platform.run('import', await price(drafted));
    expect(publish.code).toBe(0);
    expect((await changed()).map(({ changes }) => changes)).toEqual([[], [], []]);
    expect((await platform.run('menus', 'diff')).stdout).toMatch(/^(?:Pizza Place \w+: nothing would change\.\n){3}$/);
  });

  test('ends with 1 when the drafts cannot be published, and says why', async () => {
    const { data } = (await (await ask('/v1/catalog/items?limit=200')).json()) as { data: Item[] };
    const item = data.find(({ name }) => name['en'] === 'Limonata') as Item;
    const at = '/v1/catalog/locations/{locationId}/overrides/{itemId}';
    const path = { locationId: demo.locations[2]?.id ?? '', itemId: item.id };
    const variations = [{ variationId: item.variations[0]?.id ?? '', present: true }];
    const { data: override } = await client().PUT(at, { path, body: { variations } });
    const ended = await platform.run('menus', 'diff');
    await client().DELETE(at, { path, ifMatch: override.version });
    expect(ended.code).toBe(1);
    expect(complaintsIn(ended)).toContain('Pizza Place Roma: Limonata (Regular) has no price in EUR.');
    expect(complaintsIn(ended).at(-1)).toBe('The drafts cannot be published as they stand.');
  });
});

describe('orders, stock and ledger', () => {
  /** What the example of the client's README sells: an order at each location, paid in cash. */
  const sell = async (): Promise<string[]> => {
    const example = join(import.meta.dirname, '../../../../libs/client/dist/example/first-order.js');
    const env = { ...process.env, COMANDA_URL: demo.baseUrl, COMANDA_API_KEY: demo.apiKey };
    const { stdout } = await promisify(execFile)(process.execPath, [example], { env });
    return stdout.trim().split('\n');
  };

  test('orders are shown as they come, until Ctrl-C; the example of the client sells them', async () => {
    const [people, script] = [platform.follow('orders', 'tail'), platform.follow('orders', 'tail', '--json')];
    for (const { said } of [people, script])
      await eventually(() => expect(said.stderr).toMatch(/^Listening at Pizza Place Downtown, .*\. Ctrl-C ends\.$/m), {
        within: 20_000,
      });
    const sold = await sell();
    expect(sold.map((line) => line.replace(/: order .*/, ''))).toEqual(demo.locations.map(({ name }) => name));
    await eventually(() => expect(people.said.stdout.match(/ paid /g)).toHaveLength(3), { within: 20_000 });
    await eventually(() => expect(script.said.stdout.match(/"paymentStatus":"paid"/g)).toHaveLength(3), {
      within: 20_000,
    });
    expect(await Promise.all([people.interrupt(), script.interrupt()])).toEqual([0, 0]);
    expect(people.said.stdout).toMatch(
      /^\d\d:\d\d:\d\d {2}Pizza Place Roma {2}#\d+ {2}pos {2}placed {2}paid {2}\d+\.\d\d EUR {2}\S+ v2$/m,
    );
    const changes = script.said.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { locationId: string });
    expect(new Set(changes.map(({ locationId }) => locationId))).toEqual(new Set(demo.locations.map(({ id }) => id)));
  });

  test('orders are listed, the newest first, by location, day and state', async () => {
    await sell();
    const here = demo.locations[1]?.id ?? '';
    const listed = json<{ id: string; locationId: string; businessDate: string }[]>(
      await platform.run('orders', 'list', '--location', here, '--limit', '1', '--json'),
    );
    expect(listed).toMatchObject([{ locationId: here, status: 'placed', paymentStatus: 'paid' }]);
    const shown = await platform.run('orders', 'list', '--date', listed[0]?.businessDate ?? '', '--status', 'placed');
    expect(lineOf(shown, listed[0]?.id ?? '')).toMatch(/ Pizza Place Lakeside +pos +placed +paid +\d+\.\d\d USD$/);
    expect(json(await platform.run('orders', 'list', '--status', 'cancelled', '--json'))).toEqual([]);
  });

  test('the ledger shows balances that sum to zero, and the postings of an order', async () => {
    await sell();
    const balances = json<{ account: string; balance: { amount: number; currency: string } }[]>(
      await platform.run('ledger', 'balances', '--json'),
    );
    const inDollars = balances.filter(({ balance }) => balance.currency === 'USD');
    expect(inDollars.map(({ account }) => account)).toContain('cash');
    expect(inDollars.reduce((sum, { balance }) => sum + balance.amount, 0)).toBe(0);
    expect(lineOf(await platform.run('ledger', 'balances'), 'cash')).toMatch(/^cash +\d+\.\d\d EUR$/);

    const [order] = json<{ id: string }[]>(await platform.run('orders', 'list', '--limit', '1', '--json'));
    const entries = await platform.run('ledger', 'entries', '--order', order?.id ?? '');
    expect(entries.stdout).toMatch(
      new RegExp(`^\\S+ +\\S+Z +capture +${order?.id} +cash +\\d+\\.\\d\\d [A-Z]{3}$`, 'm'),
    );
    const none = await platform.run('ledger', 'entries', '--date', '2015-01-01');
    expect(none).toMatchObject({ code: 0, stdout: 'Nothing was posted.\n' });
  });

  test('stock shows what is gone or low first', async () => {
    const [location] = demo.locations;
    const { data: made } = await client().POST('/v1/inventory/stock-items', {
      body: { name: 'Zucchini flowers', unit: 'piece', lowAt: 10 },
    });
    const lines = [{ stockItemId: made.id, quantity: { amount: 4, unit: 'piece' as const } }];
    await eventually(
      () => client().POST('/v1/inventory/receipts', { body: { locationId: location?.id ?? '', lines } }),
      { within: 10_000 },
    );
    const low = await eventually(
      async () => {
        const shown = await platform.run('stock', '--low');
        expect(shown.stdout).toContain('Zucchini flowers');
        return shown;
      },
      { within: 20_000 },
    );
    expect(lineOf(low, 'Pizza Place Downtown')).toMatch(
      /^Pizza Place Downtown +Zucchini flowers +4 +piece +low +never$/,
    );
    const all = json<{ name: string }[]>(await platform.run('stock', '--location', location?.id ?? '', '--json'));
    expect(all.length).toBeGreaterThan(10);
    expect(all[0]).toMatchObject({ name: 'Zucchini flowers', low: true });
  });
});

describe('customers erase-again', () => {
  test('erases whom a restored backup has brought back: the topics know; the second time there is nobody', async () => {
    const { data: guest } = await client().POST('/v1/loyalty/customers', { body: { name: 'Trillian' } });
    const path = { customerId: guest.id };
    const nameNow = async () => (await client().GET('/v1/loyalty/customers/{customerId}', { path })).data.name;
    const loyalty = await platform.sql('loyalty');
    await loyalty.query(`create temporary table backup as select * from customers where id = '${guest.id}'`);
    await client().POST('/v1/loyalty/customers/{customerId}/erase', { path });
    expect(await nameNow()).toBeNull();

    await loyalty.query('delete from customers using backup where customers.id = backup.id');
    await loyalty.query('insert into customers select * from backup');
    expect(await nameNow()).toBe('Trillian');
    // The log has heard of it a moment later.
    await eventually(
      async () =>
        expect(json(await platform.run('customers', 'erase-again', '--json'))).toEqual({ known: 1, erased: 1 }),
      { within: 20_000 },
    );
    expect(await nameNow()).toBeNull();
    const { stdout } = await platform.run('customers', 'erase-again');
    expect(stdout).toBe('Erased until now: 1. Brought back by a backup, and erased again: 0.\n');
  });
});

describe('lag', () => {
  interface Wait {
    readonly stage: string;
    readonly service: string;
    readonly from: string | null;
    readonly events: number;
    readonly seconds: number | null;
  }
  const waits = async (): Promise<Wait[]> => json<Wait[]>(await platform.run('lag', '--json'));

  test('shows what waits on the way from outbox to consumers: nothing on a platform that has followed', async () => {
    await eventually(async () => expect((await waits()).filter(({ events }) => events > 0)).toEqual([]), {
      within: 25_000,
    });
    const all = await waits();
    expect(all.filter(({ stage }) => stage === 'outbox').map(({ service }) => service)).toEqual(SERVICES);
    expect(all).toContainEqual({ stage: 'consumer', service: 'loyalty', from: 'orders', events: 0, seconds: 0 });
    expect((await platform.run('lag', '--over', '0')).code).toBe(0);
  });
});

const NOWHERE = '00000000-0000-7000-8000-000000000000';

describe('smoke', () => {
  const smoke = (url: string, ...options: string[]): Promise<Ended> => platform.run('smoke', '--url', url, ...options);

  test('orders, pays, and ends when the order is known to be paid', async () => {
    const { order } = json<{ order: Order }>(await smoke(demo.baseUrl, '--json'));
    const { data } = await client().GET('/v1/orders/{orderId}', { path: { orderId: order.id } });
    expect(data).toMatchObject({ paymentStatus: 'paid', locationId: demo.locations[0]?.id });
  });

  test('asks each service at its own address, where there is none for all', async () => {
    const { template, asked } = await doorsTo(demo.baseUrl);
    const [, location] = demo.locations;
    const { code, stdout, stderr } = await smoke(template, '--key', demo.apiKey, '--location', location?.id ?? '');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Order \d+, \d+\.\d\d USD, is placed and paid: \d+ ms\.\n$/);
    expect([...asked].sort()).toEqual(['catalog', 'orders', 'payments']);
  });

  test.each([
    ['a wrong key', ['--key', 'cmd_test_nobody'], /^The API key is refused: /],
    [
      'a location without a menu',
      ['--location', NOWHERE],
      /^Nothing can be ordered: location \S+ has no published menu/,
    ],
  ])('says so of %s', async (_, options, sentence) => {
    const ended = await smoke(demo.baseUrl, ...options);
    expect([ended.code, ended.stdout, complaintsIn(ended)]).toEqual([1, '', [expect.stringMatching(sentence)]]);
  });
});

describe('in a folder where no platform was ever started', () => {
  const HERE =
    /^There is no platform in \S+\.comanda: start one with npm start, or say with COMANDA_HOME or DATABASE_URL where it is\.$/;
  const KNOWN = /^No platform is known here\. Start one with npm start, or give --url and --key\.$/;
  test.each([
    ['audit', HERE],
    ['dlq list', HERE],
    ['dlq replay --service orders', HERE],
    ['outbox status', HERE],
    ['outbox replay --service orders --from 2026-01-01', HERE],
    ['seed', /^No platform runs here: start one with npm start, or say where with --url\.$/],
    ['lag', HERE],
    ['customers erase-again', HERE],
    ['backup somewhere', HERE],
    ['rewind', HERE],
    ['keys list', KNOWN],
    ['organizations', KNOWN],
    ['organizations create --name Bar --mode test', HERE],
    ['menus diff', KNOWN],
    ['orders tail', KNOWN],
    ['stock', KNOWN],
    ['ledger balances', KNOWN],
    ['replay', KNOWN],
  ])('%s says so, and makes none', async (line, sentence) => {
    const nowhere = await PlatformUnderTest.create();
    const ended = await nowhere.run(...words(line));
    expect([ended.code, ended.stdout, complaintsIn(ended)]).toEqual([1, '', [expect.stringMatching(sentence)]]);
    expect(await readdir(nowhere.folder)).toEqual([]);
  });
});
