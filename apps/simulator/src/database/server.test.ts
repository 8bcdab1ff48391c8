import { testPostgres } from '@comanda/testing';
import { expect, onTestFinished, test } from 'vitest';
import { CALM } from '../world/chances.js';
import { SimulatedProcess, World } from '../world/world.js';
import { Backends } from './backends.js';
import { SimulatedClient } from './client.js';
import { DatabaseServer } from './server.js';

test('when a world is over, the next one finds free what its sessions held and waited for', async () => {
  const { url, name } = await (await testPostgres()).createDatabase('simulator');
  const backends = new Backends(url);
  await backends.open([]);
  onTestFinished(() => backends.close());

  const tuesday = new Evening(backends, url, name);
  const [leader, follower] = [await tuesday.enter(), await tuesday.enter()];
  await tuesday.passing(leader.query(LEAD));
  void follower.query(LEAD);
  await tuesday.world.agenda.pass(() => false, tuesday.world.now + 1_000);
  expect(backends.lent).toBe(2);
  await tuesday.server.close();
  expect(backends.lent).toBe(0);

  const wednesday = new Evening(backends, url, name);
  const guests = [await wednesday.enter(), await wednesday.enter()];
  for (const guest of guests)
    // Who had it before would get it a second time: the other one must get it, too.
    expect(await wednesday.passing(guest.query(LEAD_FOR_A_MOMENT))).toMatchObject({
      rows: [{ led: true, left: true }],
    });
});

const LEAD = 'select pg_advisory_lock(1)';
const LEAD_FOR_A_MOMENT = 'select pg_try_advisory_lock(1) as led, pg_advisory_unlock(1) as left';

/** A world with nothing but a database and somebody who connects to it. */
class Evening {
  readonly world = new World(1, Date.UTC(2026, 0, 5, 18), CALM);
  readonly server: DatabaseServer;
  readonly #process = new SimulatedProcess(this.world, 'orders-1');

  constructor(
    backends: Backends,
    private readonly url: string,
    database: string,
  ) {
    this.server = new DatabaseServer(this.world, 'orders', database, backends);
  }

  async enter(): Promise<SimulatedClient> {
    const client = new SimulatedClient(this.url, this.#process, () => this.server);
    await this.passing(client.connect());
    return client;
  }

  /** Lets time pass until something has come. */
  async passing(work: unknown): Promise<unknown> {
    let come = false;
    const result = Promise.resolve(work).finally(() => (come = true));
    await this.world.agenda.pass(() => come, this.world.now + 1_000);
    return result;
  }
}
