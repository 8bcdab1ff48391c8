import { newId } from '@comanda/platform';
import { examine } from '../rules/examine.js';
import type { Backends } from '../database/backends.js';
import { DatabaseServer } from '../database/server.js';
import { callerOf, answer } from '../house/edge.js';
import { furnish, type House, SELLING } from '../house/house.js';
import { type ServiceProcess, startServiceProcess } from '../house/service-process.js';
import { Broker } from '../log/broker.js';
import { Provider, type Webhook } from '../provider/provider.js';
import { CALM, type Chances, weather } from '../world/chances.js';
import { reach, type Reached } from '../world/found.js';
import { Random } from '../world/random.js';
import { SimulatedProcess, World } from '../world/world.js';
import { ReceiveProviderWebhook } from '@comanda/contracts';
import { Client } from './client.js';
import { Network } from './network.js';
import { dine } from './party.js';

/** What a seed came to. */
export interface SeedResult {
  readonly seed: number;
  /** Each a sentence; none where everything held. */
  readonly violations: readonly string[];
  /** Requests that clients were answered. */
  readonly operations: number;
  /** The same for every run of the seed. */
  readonly trace: string;
  /** What happened, line by line, where that was asked for. */
  readonly lines: readonly string[];
  /** How many faults were had: kills and crashes among them. */
  readonly kills: number;
  /** Milliseconds of simulated time. */
  readonly simulated: number;
}

/** What seeds are run on. */
export interface Ground {
  readonly backends: Backends;
  readonly environment: NodeJS.ProcessEnv;
  databaseOf(service: string): string;
}

/** Everything of one seed: its world, and all that lives in it. */
export class Stage implements Reached {
  readonly world: World;
  readonly broker: Broker;
  readonly provider: Provider;
  readonly servers = new Map<string, DatabaseServer>();
  readonly house: House;
  readonly client: Client;
  services: ServiceProcess[] = [];
  kills = 0;
  #made = 0;

  constructor(
    readonly ground: Ground,
    world: World,
    house: House,
  ) {
    this.world = world;
    this.house = house;
    this.broker = new Broker(world);
    for (const { name } of SELLING) {
      const database = ground.databaseOf(name);
      this.servers.set(database, new DatabaseServer(world, name, database, ground.backends));
    }
    const secret = ground.environment['SANDBOX_PSP_WEBHOOK_SECRET'] ?? '';
    this.provider = new Provider(world, house.organizationId, secret, (webhook) => this.#deliver(webhook));
    const network = new Network(world, (service) => this.#serving(service));
    this.client = new Client(world, network, callerOf(house.organizationId, newId()));
  }

  server(database: string): DatabaseServer {
    const server = this.servers.get(database);
    if (!server) throw new Error(`There is no database ${database}.`);
    return server;
  }

  /** Starts one more process of a service. */
  start(name: string): void {
    const definition = SELLING.find((service) => service.name === name);
    if (!definition) throw new Error(`There is no service ${name}.`);
    const process = new SimulatedProcess(this.world, `${name}-${++this.#made}`);
    this.services.push(startServiceProcess(definition, process, this.broker, this.ground.environment));
  }

  /** Kills a process; another one takes its place a while later. */
  kill(service: ServiceProcess): void {
    this.kills++;
    service.process.kill();
    this.services = this.services.filter((other) => other !== service);
    const wait = this.world.chance.faults.between(50, 1_500);
    this.world.after(wait, () => this.start(service.definition.name));
  }

  /**
   * Ends this world: nothing on its agenda happens any more, also not the start of a process that was to take another's
   * place, and what its sessions held is given back.
   * @throws when a connection is still in somebody's hands: the next seed would not begin in the world that it is to begin in
   */
  async close(): Promise<void> {
    for (const { process } of this.services) process.kill();
    for (const server of this.servers.values()) await server.close();
    const { lent } = this.ground.backends;
    if (lent > 0) throw new Error(`Of its connections to the server ${lent} outlive it.`);
  }

  #serving(name: string): ServiceProcess | undefined {
    const serving = this.services.filter(({ definition }) => definition.name === name);
    return serving.length > 0 ? this.world.chance.times.pick(serving) : undefined;
  }

  #deliver({ body, headers }: Webhook): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const server = this.#serving('payments');
    const { world } = this;
    if (!server) return Promise.resolve(false);
    const forget = server.process.onLoss(() => resolve(false));
    void server.process.run(async () => {
      const signed = { body, headers };
      const said = await answer(server, callerOf(this.house.organizationId, ''), {
        endpoint: ReceiveProviderWebhook,
        params: { provider: 'sandbox' },
        body: JSON.parse(body.toString()),
        signed,
      });
      forget();
      world.note(`a webhook is answered ${said.status}`);
      if (said.status === 500) this.client.complain(ReceiveProviderWebhook, said);
      resolve(said.status < 300);
    });
    // The agenda must not wait for what itself takes time.
    return promise;
  }
}

/**
 * Runs one seed: while faults keep coming what must always hold is looked at again and again; then the world heals, and
 * within bounded time everything must have come together.
 */
export async function runSeed(
  ground: Ground,
  seed: number,
  run: number,
  options: { tell?: boolean } = {},
): Promise<SeedResult> {
  const chances = weather(new Random(`${seed} weather`));
  const world = new World(seed, EPOCH + run * DAY, chances, options);
  const guests = new SimulatedProcess(world, 'guests');
  const house = await (guests.run(() => furnish(ground.backends, (name) => ground.databaseOf(name))) as Promise<House>);
  const stage = guests.run(() => new Stage(ground, world, house)) as Stage;
  reach(world, stage);
  const { plan } = world.chance;
  for (const { name } of SELLING) {
    stage.start(name);
    if (plan.chance(REPLICAS[name] ?? 0)) stage.start(name);
  }
  let dining = 0;
  for (let party = plan.between(2, 4); party > 0; party--) {
    dining++;
    world.after(plan.between(0, 1_500), () => {
      void guests.run(() => dine(stage.client, house, plan).finally(() => dining--));
    });
  }
  const violations: string[] = [];
  misfortunes(stage, chances);
  // Safety: whatever happens meanwhile.
  const until = world.now + plan.between(3_000, 9_000);
  while (world.now < until) {
    const done = await world.agenda.pass(() => false, Math.min(until, world.now + 2_000));
    violations.push(...(await examine(stage, 'always')));
    if (done || violations.length > 0) break;
  }
  // Liveness: healed, everything is answered and comes together.
  world.chances = CALM;
  world.note('healed');
  // What a group was told to have taken and forgot again comes once more.
  for (const group of stage.broker.groups) stage.broker.rebalance(group);
  const converged = await world.agenda.pass(() => dining === 0, world.now + HEALS_WITHIN);
  if (!converged) violations.push(...unanswered(stage));
  await settled(stage);
  violations.push(...(await examine(stage, 'at rest')), ...stage.client.complaints);
  const { hash, lines } = world.trace;
  const operations = stage.client.operations.filter(({ answer: said }) => said !== undefined).length;
  guests.kill();
  await stage.close();
  return {
    seed,
    violations: [...new Set(violations)],
    operations,
    trace: hash,
    lines,
    kills: stage.kills,
    simulated: world.now - world.start,
  };
}

function unanswered({ client }: Stage): string[] {
  return client.operations
    .filter(({ answer: said }) => said === undefined)
    .map(
      ({ endpoint, tries }) =>
        `${endpoint} has no answer ${HEALS_WITHIN / 1_000} s after all was well, in ${tries} tries.`,
    );
}

/** Lets the world come to rest: nothing waits to be told, published, taken, looked up or settled. */
async function settled(stage: Stage): Promise<void> {
  const end = stage.world.now + HEALS_WITHIN;
  while (stage.world.now < end) {
    await stage.world.agenda.pass(() => false, stage.world.now + 500);
    if (await isAtRest(stage)) return;
  }
}

async function isAtRest({ broker, ground, house, provider }: Stage): Promise<boolean> {
  if (provider.hasMoreToTell) return false;
  const topics = SELLING.map(({ name }) => `comanda.${name}.v1`);
  for (const group of broker.groups) {
    const { consumes } = SELLING.find(({ name }) => group === `comanda.${name}`) ?? { consumes: [] };
    const wanted = topics.filter((topic) => consumes.some((event) => event.topic === topic));
    for (const topic of wanted)
      for (const [partition, records] of broker.records(topic).entries())
        if (broker.committed(group, topic, partition) < records.length) return false;
  }
  for (const [service, sql] of WAITING) {
    const [row] = await ground.backends.administer<{ waits: boolean }>(
      ground.databaseOf(service),
      `select exists (${sql}) as waits`,
      [house.organizationId],
    );
    if (row?.waits) return false;
  }
  return true;
}

const WAITING: readonly (readonly [service: string, sql: string])[] = [
  ...SELLING.map(
    ({ name }) => [name, 'select from outbox where published_at is null and organization_id = $1'] as const,
  ),
  ['payments', `select from payment_attempts where status in ('pending', 'unknown') and organization_id = $1`],
  ['inventory', 'select from unsettled where organization_id = $1'],
  ['loyalty', `select from points_facts where state = 'new' and organization_id = $1`],
];

/** Kills, crashes, cuts and changes of hands, again and again while the weather lasts. */
function misfortunes(stage: Stage, { misfortuneEvery }: Chances): void {
  if (misfortuneEvery === 0) return;
  const { world } = stage;
  const { faults } = world.chance;
  const next = (): void => {
    world.after(faults.between(misfortuneEvery / 2, misfortuneEvery * 2), async () => {
      if (world.chances === CALM) return;
      await misfortune(stage);
      next();
    });
  };
  next();
}

async function misfortune(stage: Stage): Promise<void> {
  const { faults } = stage.world.chance;
  const what = faults.pick(['kill', 'kill', 'crash', 'rebalance', 'cut'] as const);
  switch (what) {
    case 'kill': {
      if (stage.services.length > 0) stage.kill(faults.pick(stage.services));
      return;
    }
    case 'crash': {
      await faults.pick([...stage.servers.values()]).crash(faults.between(50, 2_000));
      return;
    }
    case 'rebalance': {
      const { groups } = stage.broker;
      if (groups.length > 0) stage.broker.rebalance(faults.pick(groups));
      return;
    }
    case 'cut': {
      const sessions = [...faults.pick([...stage.servers.values()]).sessions];
      if (sessions.length > 0) await faults.pick(sessions).cut();
      return;
    }
  }
}

/** How likely a service runs twice. */
const REPLICAS: Readonly<Record<string, number>> = { orders: 0.5, payments: 0.6, inventory: 0.3, loyalty: 0.3 };
/** Milliseconds within which all is well again once nothing goes wrong any more: a lease of 30 s, and what follows from it. */
const HEALS_WITHIN = 90_000;
const EPOCH = Date.UTC(2026, 0, 5, 18);
const DAY = 86_400_000;
