import type { ServiceName } from '@comanda/contracts';
import type { LogInvariant, Sources } from './invariant.js';

export const tenantsStayApart: LogInvariant = {
  id: 'I10',
  promise: 'No event and no row refers to a location or an order of another organization.',
  async begin(sources) {
    const owners = await ownersOf(sources);
    const trespasses: string[] = [];
    let events = 0;
    return {
      note(topic, { value, headers }) {
        events++;
        const { ce_id: event, ce_organizationid: organization = '' } = headers;
        for (const [, id = ''] of (value?.toString() ?? '').matchAll(REFERENCES))
          trespasses.push(...trespass(owners, id, organization).map((what) => `${topic}: ${what}, in event ${event}.`));
      },
      async conclude() {
        const found = [{ examined: events, violations: trespasses }];
        for (const { name } of sources.services) found.push(await inTables(sources, name, owners));
        return {
          examined: found.reduce((sum, { examined }) => sum + examined, 0),
          violations: found.flatMap(({ violations }) => violations),
        };
      },
    };
  },
};

type Owners = ReadonlyMap<string, string>;
interface Found {
  readonly examined: number;
  readonly violations: string[];
}

/** Whose a location or an order is. Their ids are one organization's alone, unlike others that clients choose. */
async function ownersOf({ query }: Sources): Promise<Owners> {
  const rows = await Promise.all([
    query<{ id: string; organization_id: string }>('identity', 'select id, organization_id from locations'),
    query<{ id: string; organization_id: string }>('orders', 'select id, organization_id from orders'),
    // What is put on a guest's account is a bill of its own, in the place of an order.
    query<{ id: string; organization_id: string }>(
      'payments',
      'select order_id as id, organization_id from bills where loads is not null',
    ),
  ]);
  return new Map(rows.flat().map(({ id, organization_id }) => [id, organization_id]));
}

function trespass(owners: Owners, id: string, organization: string): string[] {
  const owner = owners.get(id) ?? 'nobody';
  return owner === organization ? [] : [`${id} belongs to ${owner} and shows up with ${organization}`];
}

const REFERENCES = /"(?:locationId|orderId)":"([\da-f-]{36})"/g;

async function inTables({ query }: Sources, service: ServiceName, owners: Owners): Promise<Found> {
  const columns = await query<{ table: string; column: string }>(service, COLUMNS);
  const violations: string[] = [];
  let examined = 0;
  for (const { table, column } of columns) {
    const rows = await query<{ id: string; organization_id: string }>(
      service,
      `select distinct "${column}" as id, organization_id from "${table}" where "${column}" is not null`,
    );
    examined += rows.length;
    violations.push(
      ...rows.flatMap(({ id, organization_id }) =>
        trespass(owners, id, organization_id).map((what) => `${service}.${table}: ${what}.`),
      ),
    );
  }
  return { examined, violations };
}

const COLUMNS = `
  select c.relname as "table", a.attname as "column"
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname in ('location_id', 'order_id')
    and exists (select from pg_attribute where attrelid = c.oid and attname = 'organization_id')
  order by 1, 2`;
