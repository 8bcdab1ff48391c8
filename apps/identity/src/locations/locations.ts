import { type Location, LocationChanged, LocationPolicies, type LocationPoliciesChange } from '@comanda/contracts';
import { publish } from '@comanda/events';
import { isTimeZone, newId, Refusal, refuseTaken, type Tx } from '@comanda/platform';
import { LocationRow } from './location.entity.js';

export type NewLocation = Omit<Location, 'id' | 'policies' | 'version' | 'createdAt' | 'updatedAt'> & {
  id?: string | undefined;
  policies: LocationPoliciesChange;
};

/** Opens a location. Its currency is fixed from here on: money that was taken in it cannot change. */
export async function createLocation(
  tx: Tx,
  organizationId: string,
  { id = newId(), ...fields }: NewLocation,
): Promise<LocationRow> {
  checkTimeZone(fields.timeZone);
  checkCurrency(fields.currency);
  checkDisplayCurrencies(fields.policies);
  const now = new Date();
  const row: LocationRow = { id, organizationId, ...fields, version: 1, createdAt: now, updatedAt: now };
  await refuseTaken(tx.insert(LocationRow, row), 'A location with this id exists.');
  await announce(tx, row);
  return row;
}

/** Locks the location until the transaction ends, so that its versions are told in order. */
export async function lockLocation(tx: Tx, id: string): Promise<LocationRow> {
  const row = await tx.findOne(LocationRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw new Refusal('not_found', 'There is no such location.');
  return row;
}

export async function changeLocation(
  tx: Tx,
  row: LocationRow,
  change: Partial<Omit<NewLocation, 'id' | 'currency'>>,
): Promise<LocationRow> {
  const policies = change.policies ? resaid(row.policies ?? {}, change.policies) : row.policies;
  const changed = { ...row, ...change, policies, version: row.version + 1, updatedAt: new Date() };
  checkTimeZone(changed.timeZone);
  checkDisplayCurrencies(change.policies);
  await tx.update(LocationRow, { id: row.id }, changed);
  await announce(tx, changed);
  return changed;
}

/** What is said now, over what was said before. */
const resaid = (before: LocationPoliciesChange, now: LocationPoliciesChange): LocationPoliciesChange => ({
  ...before,
  ...now,
  limits: { ...before.limits, ...now.limits },
  scheduling: { ...before.scheduling, ...now.scheduling },
  tabs: { ...before.tabs, ...now.tabs },
});

export const toLocation = ({
  organizationId: _,
  policies,
  createdAt,
  updatedAt,
  ...fields
}: LocationRow): Location => ({
  ...fields,
  policies: LocationPolicies.parse(policies ?? {}),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const announce = (
  tx: Tx,
  {
    id,
    name,
    currency,
    timeZone,
    closingHour,
    jurisdiction,
    cashRounding,
    platformFee,
    policies,
    version,
    updatedAt,
  }: LocationRow,
): Promise<void> =>
  publish(
    tx,
    LocationChanged,
    {
      locationId: id,
      name,
      currency,
      timeZone,
      closingHour,
      jurisdiction,
      cashRounding,
      platformFee,
      policies: LocationPolicies.parse(policies ?? {}),
    },
    { version, occurredAt: updatedAt },
  );

function checkTimeZone(name: string): void {
  if (isTimeZone(name)) return;
  throw new Refusal('reference_unknown', `There is no time zone called ${name}.`, {
    errors: [{ pointer: '/timeZone', detail: 'Not an IANA time zone.' }],
  });
}

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

function checkCurrency(code: string, pointer = '/currency'): void {
  if (CURRENCIES.has(code)) return;
  throw new Refusal('reference_unknown', `There is no currency ${code}.`, {
    errors: [{ pointer, detail: 'Not an ISO 4217 code.' }],
  });
}

function checkDisplayCurrencies({ displayCurrencies = {} }: LocationPoliciesChange = {}): void {
  for (const code of Object.keys(displayCurrencies)) checkCurrency(code, `/policies/displayCurrencies/${code}`);
}
