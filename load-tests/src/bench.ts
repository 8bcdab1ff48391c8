import { join, resolve } from 'node:path';
import type { Metered } from './machine/meter.js';
import type { BenchOptions } from './options.js';
import { BenchPlatform } from './platform/bench-platform.js';
import { Ground } from './platform/ground.js';
import type { BenchPostgres } from './platform/postgres.js';
import { topSelfTimes } from './profile/cpu-profile.js';
import { startProfile } from './profile/profiler.js';
import type { Table } from './report/figures.js';
import { openShop, type Shop } from './scenarios/shop.js';

/** The platform under load, and the restaurant that sells on it. */
export interface Venue {
  readonly platform: BenchPlatform;
  readonly shop: Shop;
}

/** What the measures of a run share: a database server, the platform, a folder. Everything is stopped and removed at its end. */
export class Bench implements AsyncDisposable {
  readonly #venues = new Map<string, Promise<Venue>>();
  #opened = 0;
  readonly #profiles = new Map<string, Table>();
  /** Complete orders a second that this run has found can be kept up. */
  sustained: number | undefined;

  private constructor(
    readonly options: BenchOptions,
    readonly progress: (step: string) => void,
    private readonly ground: Ground,
  ) {}

  /** @throws BenchFailure, EmbeddedPostgresError: one sentence why there is nothing to measure on */
  static async open(options: BenchOptions, progress: (step: string) => void): Promise<Bench> {
    return new Bench(options, progress, await Ground.open('bench', progress));
  }

  /** The database server that everything in a run shares. */
  get postgres(): BenchPostgres {
    return this.ground.postgres;
  }

  /** The platform of this name, started when it is first asked for. */
  venue(name = 'main', settings: NodeJS.ProcessEnv = {}): Promise<Venue> {
    const known = this.#venues.get(name);
    if (known) return known;
    const opening = this.#openVenue(name, settings);
    this.#venues.set(name, opening);
    return opening;
  }

  /** Stops a platform that the rest of the run does not need: it would only be in the way. */
  async close(name: string): Promise<void> {
    const known = await this.#venues.get(name);
    this.#venues.delete(name);
    await known?.platform.stop();
  }

  async #openVenue(name: string, settings: NodeJS.ProcessEnv): Promise<Venue> {
    this.progress(`starting the platform (${name})`);
    const { folder, postgres } = this.ground;
    const inspect = this.options.profile;
    const platform = await BenchPlatform.start({
      name: `${name}${(this.#opened += 1)}`,
      folder,
      postgres,
      settings,
      inspect,
    });
    this.ground.defer(() => platform.stop());
    return { platform, shop: await openShop(platform.demo) };
  }

  /** What is metered of a venue. */
  processes({ platform }: Venue): Metered {
    return { platform: platform.pid, postgres: this.postgres.pid };
  }

  /** Stops something at the end, before the database servers. */
  defer(stop: () => Promise<void>): void {
    this.ground.defer(stop);
  }

  /** A folder of its own for something that keeps files. */
  folderFor(name: string): string {
    return join(this.ground.folder, name);
  }

  /** Does the work, and where profiles were asked for profiles the platform meanwhile: the last one of a name is kept. */
  async profiled<T>(name: string, { inspector }: BenchPlatform, work: () => Promise<T>): Promise<T> {
    if (inspector === undefined) return work();
    const profile = await startProfile(inspector);
    const result = await work();
    const file = resolve('.cache', 'bench', `${name}.cpuprofile`);
    const top = topSelfTimes(await profile.finish(file), 25);
    this.#profiles.set(name, {
      title: `Profile of the platform's process: ${file}`,
      columns: ['%', 'function', 'place'],
      rows: top.map((each) => [each.share * 100, each.name, each.place]),
    });
    return result;
  }

  /** What was profiled, by the functions that most time was spent in. */
  get profiles(): readonly Table[] {
    return [...this.#profiles.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ground[Symbol.asyncDispose]();
  }
}
