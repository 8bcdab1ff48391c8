import type { StoredRecord } from '@comanda/events';
import type { LogInvariant, Sources } from './invariant.js';

/** Test numbers that card schemes and providers publish. Planted in every field by tests; found nowhere by this. */
export const TEST_CARD_NUMBERS: readonly string[] = [
  '4242424242424242',
  '4111111111111111',
  '4000056655665556',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '6011111111111117',
  '3530111333300000',
  '30569309025904',
  '6200000000000005',
];

// As a whole, or in groups with spaces or dashes; an API key by its beginning and length.
const PATTERN = [
  ...TEST_CARD_NUMBERS.map((number) => number.split('').join('[ -]?')),
  'cmd_(live|test)_[0-9a-f]{32}_[0-9a-f]{48}',
].join('|');
const SECRET = new RegExp(PATTERN);

/** Cheap to look for; what holds none of them cannot match the pattern, which costs PostgreSQL five times as much a row. */
const TRACES = [...TEST_CARD_NUMBERS, 'cmd_live_', 'cmd_test_'];
const HAS_TRACE = TRACES.map((trace) => `strpos(dense, '${trace}') > 0`).join(' or ');

export const noSecretIsKept: LogInvariant = {
  id: 'I12',
  promise: 'No card number and no API key stands in any table or topic.',
  begin(sources) {
    const topics = new Map<string, Searched>();
    const note = (topic: string, { value, headers }: StoredRecord): void => {
      const { rows, hits } = topics.get(topic) ?? { rows: 0, hits: 0 };
      const hit = SECRET.test(`${value?.toString() ?? ''} ${JSON.stringify(headers)}`);
      topics.set(topic, { where: topic, rows: rows + 1, hits: hits + Number(hit) });
    };
    return {
      note,
      noteParked: note,
      async conclude() {
        const tables = await Promise.all(sources.services.map(async ({ name }) => tablesOf(sources, name)));
        const found = [...tables.flat(), ...topics.values()];
        return {
          examined: found.reduce((sum, { rows }) => sum + rows, 0),
          violations: found
            .filter(({ hits }) => hits > 0)
            .map(({ where, rows, hits }) => `${where} holds a card number or an API key, in ${hits} of ${rows} rows.`),
        };
      },
    };
  },
};

interface Searched {
  readonly where: string;
  readonly rows: number;
  readonly hits: number;
}

async function tablesOf({ query }: Sources, service: Sources['services'][number]['name']): Promise<Searched[]> {
  const tables = await query<{ name: string }>(
    service,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migrations' order by 1`,
  );
  const searched: Searched[] = [];
  for (const { name } of tables) {
    const [{ rows, hits } = { rows: 0, hits: 0 }] = await query<{ rows: number; hits: number }>(
      service,
      `select count(*)::int as rows, count(*) filter (where (${HAS_TRACE}) and written ~ $1)::int as hits
       from (select t::text as written, translate(t::text, ' -', '') as dense from "${name}" t offset 0) as rows_as_text`,
      [PATTERN],
    );
    searched.push({ where: `${service}.${name}`, rows, hits });
  }
  return searched;
}
