import { arrivals, type Pace, type Spread } from '../driver/arrivals.js';
import { openLoop, waiting } from '../driver/open-loop.js';
import type { Sender } from '../driver/sender.js';
import type { Gauge, Load } from '../machine/gauge.js';
import type { Shop } from '../scenarios/shop.js';
import type { AfterwardsOrder } from '../measures/recovery.js';
import { Sales } from './sales.js';
import { Tally } from './tally.js';
import { type Journey, Visit } from './visit.js';

export interface StageOptions {
  readonly sender: Sender;
  readonly shop: Shop;
  readonly journey: Journey;
  readonly spread: Spread;
  readonly random: () => number;
  /** Seconds for which guests come back when told to. */
  readonly patience: number;
  readonly gauge: Gauge;
  readonly signal: AbortSignal;
  readonly say: (step: string) => void;
}

/** A step of a load, when its time is over. */
export interface Step extends Pace {
  readonly name: string;
  readonly tally: Tally;
  /** Visits that were served while it lasted, a second. */
  readonly goodput: number;
  /** Visits that were due, a second. */
  readonly offered: number;
  /** The most visits that were under way at once, thinking included. */
  readonly atOnce: number;
  readonly load: Load;
}

/** No more visits are under way at once than this: beyond it a client measures itself. */
const AT_ONCE = 50_000;

/** Where a load is played: step after step, each with guests who come whatever became of those before. */
export class Stage {
  readonly sales = new Sales();
  readonly notes: string[] = [];
  /** What cards guests have: a token of the provider's; the good one where it is not set. Who has another does not come back. */
  card: string | undefined;
  readonly #steps: Step[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #broken = Promise.withResolvers<never>();
  #turn = 0;
  #now: { tally: Tally; atOnce: number } | undefined;

  constructor(private readonly options: StageOptions) {
    this.#broken.promise.catch(() => undefined);
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  get signal(): AbortSignal {
    return this.options.signal;
  }

  /**
   * Sends guests at this pace until its time is over. Those who came may still be under way then; what becomes of them is
   * noted in this step, and in `goodput` of the one that they are served in.
   * @throws what went wrong in this client; once it was called off, the reason for that
   */
  async step(name: string, pace: Pace, watch?: (visit: AfterwardsOrder) => void): Promise<Step> {
    const { spread, signal, gauge, say } = this.options;
    signal.throwIfAborted();
    say(`${name}: ${paceText(pace)}`);
    const tally = new Tally();
    const now = (this.#now = { tally, atOnce: this.#underWay.size });
    const read = gauge.begin();
    const since = performance.now();
    const sent = openLoop({
      arrivals: arrivals(pace, spread),
      act: async (intended) => {
        this.#come(tally, intended, (ended) => watch?.({ ...ended, at: intended - since }));
        now.atOnce = Math.max(now.atOnce, this.#underWay.size);
      },
      signal,
    });
    await Promise.race([sent, this.#broken.promise]);
    await Promise.race([waiting(since + pace.seconds * 1000 - performance.now(), signal), this.#broken.promise]);
    const seconds = (performance.now() - since) / 1000;
    const step: Step = {
      name,
      ...pace,
      seconds,
      tally,
      goodput: tally.servedMeanwhile / seconds,
      offered: tally.came / seconds,
      atOnce: now.atOnce,
      load: read(),
    };
    this.#steps.push(step);
    return step;
  }

  /** Something that could not be done, in a sentence. */
  note(what: string): void {
    this.notes.push(what);
    this.options.say(what);
  }

  /** Resolves when nobody is under way any more, or after so many milliseconds, or once it is called off: then they are left alone. */
  async finished(within = 60_000): Promise<void> {
    const all = Promise.all(this.#underWay);
    await Promise.race([all, waiting(within, this.options.signal), this.#broken.promise]);
  }

  #come(tally: Tally, due: number, watch: (ended: Omit<AfterwardsOrder, 'at'>) => void): void {
    tally.came += 1;
    if (this.#underWay.size >= AT_ONCE) {
      tally.unsent += 1;
      return;
    }
    const { sender, shop, patience, random, signal, journey } = this.options;
    const turn = this.#turn++;
    const card = (): string | undefined => this.card;
    const patient = (): number => (this.card === undefined ? patience : 0);
    const visit = new Visit(
      { sender, shop, turn, tally, sales: this.sales, patience: patient, random, card, signal },
      due,
    );
    const going: Promise<void> = journey(visit)
      .then((well) => {
        if (signal.aborted) return;
        const { waited } = visit;
        if (tally.ended({ well, waited }) && this.#now) this.#now.tally.servedMeanwhile += 1;
        watch({ took: waited, accepted: well });
      })
      .catch(this.#broken.reject)
      .finally(() => this.#underWay.delete(going));
    this.#underWay.add(going);
  }
}

const paceText = ({ seconds, from, to }: Pace): string =>
  `${from === to ? shown(to) : `${shown(from)} to ${shown(to)}`} a second, for ${shown(seconds)} s`;

const shown = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });
