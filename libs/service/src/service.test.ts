import { type Envelope, type EventDefinition, OrderCompleted, OrderPaid, OrderPlaced } from '@comanda/contracts';
import { Consumes, Events } from '@comanda/events';
import { eventually, testPostgres } from '@comanda/testing';
import { Controller, Module } from '@nestjs/common';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { testService } from '../testing/index.js';

@Controller()
class Bell {
  @Consumes(OrderPlaced, OrderPaid)
  async ring(@Events() _events: readonly Envelope<typeof OrderPlaced | typeof OrderPaid>[]): Promise<void> {}
}

@Module({ controllers: [Bell] })
class BellModule {}

/** A service that rings when an order is placed or paid, and says that it consumes these events. */
const start = (...consumes: EventDefinition[]) =>
  testService({ name: 'loyalty', module: BellModule, entities: [], migrations: [], endpoints: [], consumes });

describe('a service that says which events it consumes', () => {
  test('starts when it has handlers of them, and hears of what identity publishes without saying so', async () => {
    const { service } = await start(OrderPaid, OrderPlaced);
    expect([...service.events.topics].sort()).toEqual(['comanda.identity.v1', 'comanda.orders.v1']);
  });

  test('does not start when it has no handler of one of them', async () => {
    await expect(start(OrderPlaced, OrderPaid, OrderCompleted)).rejects.toThrow(
      'loyalty says that it consumes comanda.order.completed.v1 and has no handler of it.',
    );
  });

  test('does not start when it handles one that it does not name', async () => {
    await expect(start(OrderPlaced)).rejects.toThrow(
      'loyalty handles comanda.order.paid.v1 and does not say that it consumes it.',
    );
  });

  test('is told of every difference at once', async () => {
    await expect(start(OrderPaid, OrderCompleted)).rejects.toThrow(
      /consumes comanda\.order\.completed\.v1 .*handles comanda\.order\.placed\.v1/,
    );
  });

  test('leaves no connection behind when it does not start', async () => {
    const before = await connections();
    await expect(start(OrderPaid)).rejects.toThrow('handles');
    await eventually(async () => expect(await connections()).toEqual(before), { within: 10_000 });
  });
});

/** Who is connected to databases of the service, anywhere on the server. */
async function connections(): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: (await testPostgres()).url });
  await client.connect();
  const { rows } = await client.query<object>(
    `select datname, count(*) from pg_stat_activity where datname like 'loyalty%' group by 1 order by 1`,
  );
  await client.end();
  return rows;
}
