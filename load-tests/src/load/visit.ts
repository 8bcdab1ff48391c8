import { waiting } from '../driver/open-loop.js';
import { askPatiently } from '../driver/patience.js';
import type { Answer, Sender } from '../driver/sender.js';
import type { Ask } from '../scenarios/orders.js';
import type { Shop } from '../scenarios/shop.js';
import type { Sales } from './sales.js';
import type { Tally } from './tally.js';

/** What a guest, or a till, does from beginning to end. Resolves to whether they had all that they came for. */
export type Journey = (visit: Visit) => Promise<boolean>;

export interface VisitOptions {
  readonly sender: Sender;
  readonly shop: Shop;
  /** The how-manieth visit of the run it is. */
  readonly turn: number;
  readonly tally: Tally;
  readonly sales: Sales;
  /** Seconds for which the guest comes back when told to, now. */
  readonly patience: () => number;
  /** A number in [0, 1), each time: what the guest does by chance. */
  readonly random: () => number;
  /** What the card is: a token of the provider's. */
  readonly card: () => string | undefined;
  readonly signal: AbortSignal;
}

/** One guest, who asks one thing after the other. Each wait begins when the question was due, whenever it was sent. */
export class Visit {
  #due: number;
  #waited = 0;

  constructor(
    private readonly options: VisitOptions,
    due: number,
  ) {
    this.#due = due;
    options.tally.lateness.record(performance.now() - due);
  }

  get shop(): Shop {
    return this.options.shop;
  }
  get turn(): number {
    return this.options.turn;
  }
  get sales(): Sales {
    return this.options.sales;
  }
  get card(): string | undefined {
    return this.options.card();
  }
  /** Milliseconds that were waited for answers so far. */
  get waited(): number {
    return this.#waited;
  }

  /** Asks, and notes the answer. */
  readonly ask: Ask = async (what, sending): Promise<Answer> => {
    if (this.options.signal.aborted) return CALLED_OFF;
    const answer = await askPatiently(this.options.sender, sending, this.options.patience());
    const now = performance.now();
    // What is still under way when a run is called off tells nothing of the platform.
    if (!this.options.signal.aborted) this.options.tally.answered(what, answer, now - this.#due);
    this.#waited += now - this.#due;
    this.#due = now;
    return answer;
  };

  /** Thinks for so many seconds, give or take half of them. The next question is due then. */
  async think(seconds: number): Promise<void> {
    this.#due += seconds * (0.5 + this.options.random()) * 1000;
    await waiting(Math.max(0, this.#due - performance.now()), this.options.signal);
    const late = performance.now() - this.#due;
    if (late > 0) this.options.tally.lateness.record(late);
  }
}

const CALLED_OFF: Answer = { status: 0, retryAfter: null, body: 'The run was called off.' };
