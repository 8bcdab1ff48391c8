import { type Envelope, StockDepleted, StockReplenished } from '@comanda/contracts';
import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { changeAvailability } from './change-availability.js';
import { wantedByStock } from './stock.js';
import { depletedAt, lockStock, readLevel, writeLevel } from './stock.store.js';

/** What cannot be made any more goes off sale; it comes back when all that it needs is there again. */
@Controller()
export class StockConsumer {
  @Consumes(StockDepleted, StockReplenished)
  async moved(@Events() events: readonly StockNews[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) await learn(tx, event);
  }
}

type StockNews = Envelope<typeof StockDepleted> | Envelope<typeof StockReplenished>;

/** News that is older than what is known of the level says nothing. */
async function learn(
  tx: Tx,
  { organizationId, aggregateVersion: version, type, time, data }: StockNews,
): Promise<void> {
  const { id: levelId, locationId, affected } = data;
  const depleted = type === StockDepleted.type;
  await lockStock(tx, locationId);
  const before = await readLevel(tx, levelId);
  if (before && before.version >= version) return;
  await writeLevel(tx, organizationId, { levelId, locationId, depleted, affected, version });
  const concerned = [...(before?.affected ?? []), ...affected];
  await changeAvailability(
    tx,
    organizationId,
    wantedByStock(locationId, concerned, await depletedAt(tx, locationId)),
    time,
  );
}
