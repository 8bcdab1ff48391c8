import { createHmac } from 'node:crypto';
import type { World } from '../world/world.js';
import { type Authorization, Books, type Outcome } from './books.js';

/** A request to the provider's HTTP interface. */
export interface ProviderRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string | null;
}

/** What comes back: an answer, a connection that ends, or nothing ever. */
export type ProviderReply =
  | { readonly kind: 'answers'; readonly status: number; readonly text: string }
  | { readonly kind: 'hangs_up' }
  | { readonly kind: 'silent' };

/** A webhook as it is sent. */
export interface Webhook {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** What goes wrong with a call: before it has its effect, or after. */
const TROUBLE = ['lost', 'reset', 'error', 'late', 'silent_after', 'reset_after', 'error_after', 'garbage'] as const;

/** The payment provider on good and bad days. What it tells by webhook comes late, twice, and in any order. */
export class Provider {
  readonly books: Books;
  readonly #world: World;
  #told = 0;
  #untold = 0;

  /**
   * @param secret `whsec_` and the key, base64
   * @param deliver takes a webhook to payments; resolves to whether it was accepted
   */
  constructor(
    world: World,
    organizationId: string,
    private readonly secret: string,
    private readonly deliver: (webhook: Webhook) => Promise<boolean>,
  ) {
    this.#world = world;
    this.books = new Books(organizationId);
  }

  /** Takes a request that has arrived, and says what the caller gets to see of it. */
  take(request: ProviderRequest): ProviderReply {
    const { chances, chance } = this.#world;
    const trouble = this.#world.fails(chances.providerTrouble) ? chance.faults.pick(TROUBLE) : 'none';
    if (trouble !== 'none') this.#world.note(`the provider: ${trouble} at ${request.path.replaceAll(IDS, '…')}`);
    switch (trouble) {
      case 'none':
        return answer(200, this.#effect(request));
      case 'lost':
        return { kind: 'silent' };
      case 'reset':
        return { kind: 'hangs_up' };
      case 'error':
        return answer(chance.faults.pick([429, 500, 503]), {});
      case 'late':
        // It is done when nobody listens any more.
        this.#world.after(chance.faults.between(2_100, 4_000), () => this.#effect(request));
        return { kind: 'silent' };
      case 'silent_after':
        this.#effect(request);
        return { kind: 'silent' };
      case 'reset_after':
        this.#effect(request);
        return { kind: 'hangs_up' };
      case 'error_after':
        this.#effect(request);
        return answer(500, {});
      case 'garbage':
        this.#effect(request);
        return { kind: 'answers', status: 200, text: '<html>' };
    }
  }

  #effect({ method, path, body }: ProviderRequest): Outcome | undefined {
    const asked = JSON.parse(body ?? '{}') as Authorization;
    const [, kind = '', id = '', step = ''] = /^\/v1\/(charges|calls)\/?([^/]*)\/?(.*)$/.exec(path) ?? [];
    if (method === 'GET') return this.books.ended(decodeURIComponent(id));
    if (kind === 'charges' && id === '') return this.#authorize(asked);
    return this.#telling(asked.reference, this.books.move(decodeURIComponent(id), step, asked.reference, asked.amount));
  }

  #authorize(asked: Authorization): Outcome {
    const { chances, chance } = this.#world;
    if (this.books.ended(asked.reference)) return this.books.authorize(asked, false);
    const declined = this.#world.fails(chances.declined);
    const outcome = this.books.authorize(asked, declined);
    // It declines, and a moment later collects the money after all, and tells so.
    if (declined && this.#world.fails(0.25))
      this.#world.after(chance.faults.between(100, 5_000), () => {
        this.#world.note('the provider collects what it declined');
        this.books.collectAfterAll(asked);
        this.#tell(asked.reference);
      });
    return this.#telling(asked.reference, outcome);
  }

  #telling(reference: string, outcome: Outcome): Outcome {
    if (this.#world.fails(this.#world.chances.providerTrouble / 2)) this.#tell(reference);
    return outcome;
  }

  /** Whether there are webhooks that nobody has accepted yet. */
  get hasMoreToTell(): boolean {
    return this.#untold > 0;
  }

  /** Sends a webhook until it is accepted, and now and then once more. */
  #tell(reference: string): void {
    const id = `msg_${++this.#told}`;
    const body = Buffer.from(
      JSON.stringify({ type: 'call.ended', account: this.books.organizationId, data: { reference } }),
    );
    const { faults } = this.#world.chance;
    this.#untold++;
    let known = false;
    const again = (wait: number): void => {
      this.#world.after(wait, () => {
        void this.deliver({ body, headers: this.#signed(id, body) }).then((accepted) => {
          if (accepted && !known) this.#untold--;
          known ||= accepted;
          if (!accepted || this.#world.fails(this.#world.chances.requestDoubled)) again(faults.between(500, 3_000));
        });
      });
    };
    again(faults.pick([0, 1, 50, 2_000]));
  }

  #signed(id: string, body: Buffer): Record<string, string> {
    const timestamp = String(Math.floor(this.#world.now / 1_000));
    const key = Buffer.from(this.secret.replace(/^whsec_/, ''), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  }
}

/** A call that was never heard of is not there. */
const answer = (status: number, body: unknown): ProviderReply =>
  body === undefined
    ? { kind: 'answers', status: 404, text: '{}' }
    : { kind: 'answers', status, text: JSON.stringify(body) };

const IDS = /[0-9a-f]{8}-[0-9a-f-]{27}|sim_[^/]+/g;
