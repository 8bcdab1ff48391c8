import { asWorker } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import type { PaymentRow } from '../payments/payment.entity.js';

export type Open = Pick<PaymentRow, 'organizationId' | 'id' | 'checkId' | 'locationId' | 'occurredAt'>;

/** The authorisations of all organizations that were recorded before a moment and are still open, the oldest first. */
export async function* openAuthorizations(worker: DataSource, before: Date): AsyncGenerator<Open> {
  let after: (Open & { readonly recordedAt: Date }) | undefined;
  do {
    const page = await pageAfter(worker, before, after);
    yield* page;
    after = page.length === AT_ONCE ? page.at(-1) : undefined;
  } while (after);
}

function pageAfter(
  worker: DataSource,
  before: Date,
  after: { readonly recordedAt: Date; readonly id: string } | undefined,
): Promise<(Open & { readonly recordedAt: Date })[]> {
  return asWorker(
    worker,
    (tx) => tx.sql<(Open & { readonly recordedAt: Date })[]>`
      select organization_id as "organizationId", id, check_id as "checkId", location_id as "locationId",
        occurred_at as "occurredAt", recorded_at as "recordedAt"
      from payments
      where status = 'authorized' and recorded_at <= ${before}
        and (recorded_at, id) > (${after?.recordedAt ?? new Date(0)}, ${after?.id ?? '00000000-0000-0000-0000-000000000000'}::uuid)
      order by recorded_at, id limit ${AT_ONCE}`,
  );
}

const AT_ONCE = 200;
