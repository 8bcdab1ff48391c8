import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect as dial, createServer, type Socket } from 'node:net';
import { eventually } from '@comanda/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ChecksDatabase, checksDatabase, connected } from '../testing/checks-database.js';
import { connect } from './connect.js';
import { codeOf, isInfrastructure } from './faults.js';
import { inTransaction, inTransactionAlone, onCommit, send, type Tx } from './transaction.js';

let it: ChecksDatabase;

beforeAll(async () => {
  it = await checksDatabase();
});

const onePool = () => connected(connect(it.urls.app, { name: 'app', pool: 1 }));

const open = (tx: Tx, organizationId: string, id: string = randomUUID()) =>
  tx.sql`insert into checks (id, organization_id, total_minor) values (${id}, ${organizationId}, 42_00)`;

const poolSize = ({ driver }: DataSource) =>
  (driver as unknown as { master: { totalCount: number } }).master.totalCount;

const totals = (tx: Tx) => tx.sql<{ total: number }[]>`select total_minor as total from checks`;

const backend = async (tx: Tx): Promise<number> => {
  const [row] = await tx.sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
  return row.pid;
};

/** A door that opens once. */
const door = () => Promise.withResolvers<void>();

describe('a transaction', () => {
  test('keeps what it did, for its organization and for no other', async () => {
    const organizationId = randomUUID();
    expect(await inTransaction(it.db, organizationId, (tx) => open(tx, organizationId).then(() => 'opened'))).toBe(
      'opened',
    );
    expect(await inTransaction(it.db, organizationId, totals)).toEqual([{ total: 42_00 }]);
    expect(await inTransaction(it.db, randomUUID(), totals)).toEqual([]);
  });

  test('leaves nothing behind when its work throws', async () => {
    const organizationId = randomUUID();
    const refused = inTransaction(it.db, organizationId, async (tx) => {
      await open(tx, organizationId);
      throw new Error('the kitchen is closed');
    });
    await expect(refused).rejects.toThrow('the kitchen is closed');
    expect(await inTransaction(it.db, organizationId, totals)).toEqual([]);
  });

  test('never says it is done when one of its statements failed unseen', async () => {
    const organizationId = randomUUID();
    const careless = inTransaction(it.db, organizationId, async (tx) => {
      await open(tx, organizationId);
      await tx.sql`select 1 / 0`.catch(() => undefined);
    });
    await expect(careless).rejects.toThrow('rolled back');
    expect(await inTransaction(it.db, organizationId, totals)).toEqual([]);
  });

  test('that begins another inside takes back only that one when it throws', async () => {
    const organizationId = randomUUID();
    await inTransaction(it.db, organizationId, async (tx) => {
      await open(tx, organizationId);
      const inner = tx.transaction(async () => {
        await open(tx, organizationId);
        throw new Error('no tip');
      });
      await expect(inner).rejects.toThrow('no tip');
    });
    expect(await inTransaction(it.db, organizationId, totals)).toHaveLength(1);
  });

  test('begins on the wire together with its first statement', async () => {
    const organizationId = randomUUID();
    const line = await withoutAnswersUntil('insert into checks', it.urls.app);
    const overLine = await connected(connect(line, { name: 'app' }));
    await inTransaction(overLine, organizationId, (tx) => open(tx, organizationId));
    expect(await inTransaction(it.db, organizationId, totals)).toHaveLength(1);
  });
});

describe('two that meet', () => {
  test('in a deadlock both succeed', async () => {
    const organizationId = randomUUID();
    const [one, other] = [randomUUID(), randomUUID()];
    await inTransaction(it.db, organizationId, async (tx) => {
      await open(tx, organizationId, one);
      await open(tx, organizationId, other);
    });
    let tries = 0;
    const waiting = [door(), door()] as const;
    const addTip = (first: string, second: string, mine: 0 | 1) =>
      inTransaction(it.db, organizationId, async (tx) => {
        tries++;
        await tx.sql`update checks set total_minor = total_minor + 1_00 where id = ${first}`;
        waiting[mine].resolve();
        await waiting[mine === 0 ? 1 : 0].promise;
        await tx.sql`update checks set total_minor = total_minor + 1_00 where id = ${second}`;
      });
    await Promise.all([addTip(one, other, 0), addTip(other, one, 1)]);
    expect(await inTransaction(it.db, organizationId, totals)).toEqual([{ total: 44_00 }, { total: 44_00 }]);
    expect(tries).toBeGreaterThan(2);
  });

  test('again and again are let go after four tries, as a failure that may pass', async () => {
    const organizationId = randomUUID();
    let tries = 0;
    const failure = await inTransaction(it.db, organizationId, async (tx) => {
      tries++;
      await tx.query(`do $$ begin raise exception 'met' using errcode = '40001'; end $$`);
    }).catch((error: unknown) => error);
    expect([tries, codeOf(failure), isInfrastructure(failure)]).toEqual([4, '40001', true]);
  });

  test('for one key run one after the other', async () => {
    const organizationId = randomUUID();
    const [started, finish] = [door(), door()];
    const seen: number[] = [];
    const count = async (tx: Tx) => void seen.push((await totals(tx)).length);
    const first = inTransactionAlone(it.db, organizationId, 'key 1', async (tx) => {
      await count(tx);
      started.resolve();
      await finish.promise;
      await open(tx, organizationId);
    });
    await started.promise;
    const second = inTransactionAlone(it.db, organizationId, 'key 1', count);
    await inTransactionAlone(it.db, organizationId, 'key 2', count);
    finish.resolve();
    await Promise.all([first, second]);
    expect(seen).toEqual([0, 0, 1]);
  });

  test('for one key do not wait for ever', async () => {
    const organizationId = randomUUID();
    const [started, finish] = [door(), door()];
    const first = inTransactionAlone(it.db, organizationId, 'key 1', async (tx) => {
      await totals(tx);
      started.resolve();
      await finish.promise;
    });
    await started.promise;
    const second = inTransactionAlone(it.db, organizationId, 'key 1', totals);
    await expect(second).rejects.toMatchObject({ name: 'KeyHeld' });
    finish.resolve();
    await first;
  });
});

describe('a transaction that somebody waits for', () => {
  const soon = () => ({ until: performance.now() + 300 });

  test('is given up when its time is up and a lock is still held', async () => {
    const [organizationId, id] = [randomUUID(), randomUUID()];
    await inTransaction(it.db, organizationId, (tx) => open(tx, organizationId, id));
    const tip = (tx: Tx) => tx.sql`update checks set total_minor = total_minor + 1_00 where id = ${id}`;
    const [held, over] = [door(), door()];
    const holder = inTransaction(it.db, organizationId, async (tx) => {
      await tip(tx);
      held.resolve();
      await over.promise;
    });
    await held.promise;
    const began = performance.now();
    const failure = await inTransaction(it.db, organizationId, tip, soon()).catch((error: unknown) => error);
    expect([codeOf(failure), performance.now() - began < 1_900]).toEqual(['55P03', true]);
    over.resolve();
    await holder;
    const [limit] = await it.db.query<object[]>(`select current_setting('lock_timeout') as lock`);
    expect(limit).toEqual({ lock: '2s' });
  });

  test('is given up when its time is up and every connection is taken; the one that it gets then goes back', async () => {
    const db = await onePool();
    const [taken, over] = [door(), door()];
    const holder = inTransaction(db, randomUUID(), async () => {
      taken.resolve();
      await over.promise;
    });
    await taken.promise;
    const began = performance.now();
    const failure = await inTransaction(db, randomUUID(), totals, soon()).catch((error: unknown) => error);
    expect([isInfrastructure(failure), performance.now() - began < 1_900]).toEqual([true, true]);
    over.resolve();
    await holder;
    expect(await inTransaction(db, randomUUID(), totals)).toEqual([]);
    expect(poolSize(db)).toBe(1);
  });

  test('still gets what is there for the taking when its time is up already', async () => {
    expect(await inTransaction(it.db, randomUUID(), totals, { until: performance.now() - 5_000 })).toEqual([]);
  });
});

describe('a statement that nobody waits for', () => {
  const OPEN = {
    name: 'checks.open',
    text: 'insert into checks (id, organization_id, total_minor) values ($1, $2, 42_00)',
  };

  test('is done when the transaction is', async () => {
    const organizationId = randomUUID();
    await inTransaction(it.db, organizationId, async (tx) => send(tx, OPEN, [randomUUID(), organizationId]));
    expect(await inTransaction(it.db, organizationId, totals)).toEqual([{ total: 42_00 }]);
  });

  test('fails the whole transaction with its own error, whatever comes after it', async () => {
    const [organizationId, id] = [randomUUID(), randomUUID()];
    const twice = (then: (tx: Tx) => Promise<unknown>) =>
      inTransaction(it.db, organizationId, async (tx) => {
        send(tx, OPEN, [id, organizationId]);
        send(tx, OPEN, [id, organizationId]);
        return then(tx);
      });
    for (const then of [() => Promise.resolve(), (tx: Tx) => open(tx, organizationId)])
      expect(codeOf(await twice(then).catch((error: unknown) => error))).toBe('23505');
    expect(await inTransaction(it.db, organizationId, totals)).toEqual([]);
  });

  test('cannot be sent when the transaction is over', async () => {
    let kept: Tx | undefined;
    await inTransaction(it.db, randomUUID(), async (tx) => void (kept = tx));
    expect(() => send(kept as Tx, OPEN, [])).toThrow('still open');
  });
});

describe('what waits for the commit', () => {
  test('is called after it, once, however often the work was tried', async () => {
    const organizationId = randomUUID();
    const rows = async () =>
      (await it.admin.query('select from checks where organization_id = $1', [organizationId])).rowCount;
    const called = door();
    let tries = 0;
    let calls = 0;
    let visible: Promise<number | null> | undefined;
    await inTransaction(it.db, organizationId, async (tx) => {
      onCommit(tx, () => {
        calls++;
        visible = rows();
        called.resolve();
      });
      await open(tx, organizationId);
      expect([calls, await rows()]).toEqual([0, 0]);
      if (++tries === 1) await tx.query(`do $$ begin raise exception 'met' using errcode = '40P01'; end $$`);
    });
    await called.promise;
    expect([tries, calls, await visible]).toEqual([2, 1, 1]);
  });

  test('is never called when there is none', async () => {
    const organizationId = randomUUID();
    let calls = 0;
    const refused = inTransaction(it.db, organizationId, async (tx) => {
      onCommit(tx, () => calls++);
      throw new Error('the kitchen is closed');
    });
    await expect(refused).rejects.toThrow('the kitchen is closed');
    expect(calls).toBe(0);
  });

  test('cannot be added to a transaction that is over', async () => {
    const organizationId = randomUUID();
    const over = await inTransaction(it.db, organizationId, (tx) => Promise.resolve(tx));
    expect(() => onCommit(over, () => undefined)).toThrow('still open');
  });
});

describe('a connection', () => {
  test('that is cut between two statements fails its transaction as something that may pass, and is replaced', async () => {
    const organizationId = randomUUID();
    const db = await onePool();
    const failure = await inTransaction(db, organizationId, async (tx) => {
      const pid = await backend(tx);
      await it.admin.query('select pg_terminate_backend($1)', [pid]);
      await eventually(
        async () => (await it.admin.query('select from pg_stat_activity where pid = $1', [pid])).rowCount === 0,
        {
          within: 5_000,
        },
      );
      await eventually(() => poolSize(db) === 0, {
        within: 5_000,
      });
      await totals(tx);
    }).catch((error: unknown) => error);
    expect(isInfrastructure(failure), String(failure)).toBe(true);
    expect(await inTransaction(db, organizationId, totals)).toEqual([]);
  });

  test('that is cut during a statement is replaced', async () => {
    const organizationId = randomUUID();
    const db = await onePool();
    const asleep = inTransaction(db, organizationId, async (tx) => {
      const pid = await backend(tx);
      const cut = async () => {
        await eventually(
          async () =>
            (await it.admin.query(`select from pg_stat_activity where pid = $1 and query like '%pg_sleep%'`, [pid]))
              .rowCount === 1,
          { within: 5_000 },
        );
        await it.admin.query('select pg_terminate_backend($1)', [pid]);
      };
      // Whoever hears of it first, this side or the administrator's: the statement has somebody who waits for it.
      await Promise.all([tx.sql`select pg_sleep(60)`, cut()]);
    }).catch((error: unknown) => error);
    expect(codeOf(await asleep)).toBe('57P01');
    expect(await inTransaction(db, organizationId, totals)).toEqual([]);
  });

  test('whose server turned read-only goes, and so do the idle ones beside it', async () => {
    const organizationId = randomUUID();
    const { username } = new URL(it.urls.app);
    await it.admin.query(`alter role "${username}" set default_transaction_read_only = on`);
    const pool = await connected(connect(it.urls.app, { name: 'app', pool: 5 }));
    const all = door();
    let inside = 0;
    await Promise.all(
      Array.from({ length: 5 }, () =>
        inTransaction(pool, organizationId, async (tx) => {
          await totals(tx);
          if (++inside === 5) all.resolve();
          await all.promise;
        }),
      ),
    );
    // The standby is promoted: whoever connects from now on can write.
    await it.admin.query(`alter role "${username}" reset default_transaction_read_only`);
    const failure = await inTransaction(pool, organizationId, (tx) => open(tx, organizationId)).catch(
      (e: unknown) => e,
    );
    expect([codeOf(failure), isInfrastructure(failure)]).toEqual(['25006', true]);
    for (let n = 0; n < 5; n++) await inTransaction(pool, organizationId, (tx) => open(tx, organizationId));
    expect(await inTransaction(it.db, organizationId, totals)).toHaveLength(5);
  });

  test('is back in the pool, clean, after a refusal', async () => {
    const organizationId = randomUUID();
    const db = await onePool();
    let before = 0;
    await inTransaction(db, organizationId, async (tx) => {
      before = await backend(tx);
      throw new Error('the kitchen is closed');
    }).catch(() => undefined);
    expect(await inTransaction(db, organizationId, backend)).toBe(before);
    expect(await db.query(`select current_setting('app.organization', true) as organization`)).toEqual([
      { organization: '' },
    ]);
  });
});

/** The URL of a line to a server on which, once a transaction has begun, no answer comes back before the words have gone out. */
async function withoutAnswersUntil(words: string, url: string): Promise<string> {
  const target = new URL(url);
  const { hostname, port } = target;
  const sockets = new Set<Socket>();
  const line = createServer((near) => {
    const far = dial(Number(port), hostname);
    let held: Buffer[] | undefined;
    near.on('data', (bytes) => {
      const sent = bytes.toString('latin1');
      if (sent.includes('begin')) held ??= [];
      far.write(bytes);
      if (!sent.includes(words) || !held) return;
      for (const answer of held) near.write(answer);
      held = undefined;
    });
    far.on('data', (bytes) => (held ? held.push(bytes) : near.write(bytes)));
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => near.destroy() && far.destroy());
    }
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    line.close();
  });
  target.host = `127.0.0.1:${(line.address() as AddressInfo).port}`;
  return target.href;
}
