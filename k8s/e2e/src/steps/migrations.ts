import { expectThat } from '@comanda/faults/broken';
import { jsonIn, runToEnd } from '../cluster/run-to-end.js';
import { imageOf } from '../images/images.js';
import type { Step } from '../run/step.js';

/** What `comanda migrate --json` says of each database. */
type Migrated = readonly { readonly what: string; readonly ran: readonly string[] }[];

export const migrations: Step = {
  name: 'migrations',
  title: 'comanda migrate starts in three pods at once on empty databases: each migration runs in one of them',
  async run({ cluster, noted }) {
    const prefix = `again_${Date.now()}_`;
    const said = await runToEnd(cluster, 'migrate-thrice', REPLICAS, {
      image: imageOf('comanda', 'v1'),
      args: ['migrate', '--json'],
      env: {
        COMANDA_HOME: '/tmp',
        COMANDA_SECRET: { secret: 'comanda', key: 'COMANDA_SECRET' },
        DATABASE_URL: { secret: 'comanda-owner', key: 'DATABASE_URL' },
        DATABASE_PREFIX: prefix,
        KAFKA_BROKERS: 'kafka:9092',
      },
    });
    const ran = said.flatMap((each) =>
      (jsonIn(each) as Migrated).flatMap(({ what, ran: names }) => names.map((name) => `${what}: ${name}`)),
    );
    const twice = ran.filter((name, index) => ran.indexOf(name) < index);
    expectThat(ran.length > 0, 'There was nothing to migrate.');
    expectThat(twice.length === 0, `Twice: ${twice.join(', ')}`);
    const rows = await cluster.kubectl([
      'exec',
      'postgres-0',
      '--',
      'psql',
      '--host=/tmp',
      '--username=postgres',
      `--dbname=${prefix}orders`,
      '--tuples-only',
      '--no-align',
      '--command=select count(*) - count(distinct name) from migrations',
    ]);
    expectThat(rows.trim() === '0', `${rows.trim()} migrations of orders are noted twice.`);
    Object.assign(noted.figures, { pods: said.length, migrations: ran.length, 'run twice': twice.length });
  },
};

const REPLICAS = 3;
