import { Pool } from 'undici';
import { z } from 'zod';
import {
  type Authorization,
  type Increment,
  type Movement,
  type NewCode,
  type NotFound,
  type Notice,
  type Outcome,
  type PaymentProvider,
  type Question,
  type Reference,
  type SettlementPage,
  type SettlementRequest,
  TryAgain,
} from './payment-provider.js';
import { verifiedId } from './webhook-signature.js';

export interface SandboxAccess {
  readonly url: string;
  readonly key: string;
  /** `whsec_` and the key, base64. */
  readonly webhookSecret: string;
}

/** The sandbox, over HTTP: test cards behave as their names say. */
export class SandboxProvider implements PaymentProvider {
  readonly #pool: Pool;

  constructor(private readonly access: SandboxAccess) {
    this.#pool = new Pool(access.url, { connections: CONNECTIONS, pipelining: 1, keepAliveTimeout: 30_000 });
  }

  async authorize({ live, organizationId, ...request }: Authorization, signal: AbortSignal): Promise<Outcome> {
    return live ? TEST_CARD : this.#post(organizationId, '/v1/charges', request, signal);
  }

  increment(request: Increment, signal: AbortSignal): Promise<Outcome> {
    return this.#move(request, 'increment', signal);
  }

  capture(request: Movement, signal: AbortSignal): Promise<Outcome> {
    return this.#move(request, 'capture', signal);
  }

  void(request: Reference & { readonly authorization: string }, signal: AbortSignal): Promise<Outcome> {
    return this.#move({ ...request, amount: 0 }, 'void', signal);
  }

  refund(request: Movement, signal: AbortSignal): Promise<Outcome> {
    return this.#move(request, 'refunds', signal);
  }

  async presentCode({ live, organizationId, ...request }: NewCode, signal: AbortSignal): Promise<Outcome> {
    return live ? TEST_CARD : this.#post(organizationId, '/v1/codes', request, signal);
  }

  cancelCode({ organizationId, reference }: Reference, signal: AbortSignal): Promise<Outcome> {
    return this.#post(organizationId, `/v1/codes/${reference}/cancel`, {}, signal);
  }

  async lookup({ organizationId, reference }: Question, signal: AbortSignal): Promise<Outcome | NotFound> {
    const answer = await this.#call(organizationId, 'GET', `/v1/calls/${reference}`, undefined, signal);
    return answer === undefined ? { kind: 'not_found' } : outcomeIn(answer);
  }

  async settlement({ organizationId, date, after }: SettlementRequest, signal: AbortSignal): Promise<SettlementPage> {
    const page = after === null ? '' : `?after=${encodeURIComponent(after)}`;
    const answer = await this.#call(organizationId, 'GET', `/v1/settlements/${date}${page}`, undefined, signal);
    const { movements, next } = SettlementAnswer.parse(answer);
    return {
      movements: movements.map(({ charge: authorization, ...movement }) => ({
        ...movement,
        authorization,
        // What moves a dispute is the bank: it has no call of ours.
        reference: movement.kind === 'charge' || movement.kind === 'refund' ? movement.id : null,
      })),
      next,
    };
  }

  notice(body: Buffer, headers: Readonly<Record<string, string | undefined>>): Notice {
    const id = verifiedId(body, headers, this.access.webhookSecret);
    const { type, account: organizationId, data } = Webhook.parse(JSON.parse(body.toString('utf8')));
    const known = { id, type, organizationId, account: null };
    if (type === 'call.ended') return { ...known, about: 'call', reference: CallEnded.parse(data).reference };
    if (!type.startsWith('dispute.')) return { ...known, about: 'nothing_of_ours' };
    const { dispute, charge: authorization, ...facts } = DisputeFacts.parse(data);
    return { ...known, about: 'dispute', dispute: { id: dispute, authorization, ...facts } };
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #move(
    { organizationId, authorization, reference, amount }: Omit<Movement, 'currency'>,
    step: string,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const path = `/v1/charges/${encodeURIComponent(authorization)}/${step}`;
    return this.#post(organizationId, path, { reference, amount }, signal);
  }

  async #post(organizationId: string, path: string, body: object, signal: AbortSignal): Promise<Outcome> {
    return outcomeIn(await this.#call(organizationId, 'POST', path, body, signal));
  }

  /** What it answers; nothing where it says that there is no such thing. */
  async #call(
    organizationId: string,
    method: 'GET' | 'POST',
    path: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { statusCode, body: answer } = await this.#pool
      .request({
        method,
        path,
        headers: {
          authorization: `Bearer ${this.access.key}`,
          'sandbox-account': organizationId,
          ...(body && { 'content-type': 'application/json' }),
        },
        body: body ? JSON.stringify(body) : null,
        signal,
      })
      .catch((error: unknown) => {
        throw signal.aborted ? error : new TryAgain('The connection to the provider failed.', { cause: error });
      });
    const text = await answer.text();
    if (statusCode === 404) return undefined;
    if (statusCode === 429 || statusCode >= 500) throw new TryAgain(`The provider answered ${statusCode}.`);
    if (statusCode !== 200) throw new Error(`The provider answered ${statusCode}: ${text}`);
    return JSON.parse(text);
  }
}

/** A test card pays nothing: where money is real it must not look as if it did. */
const TEST_CARD: Outcome = { kind: 'declined', code: 'test_card' };
/** More than may wait for it at once, so that a lookup always finds one. */
const CONNECTIONS = 128;

const Answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('approved'),
    charge: z.string(),
    fee: z.int(),
    tipAllowance: z.int(),
    card: z.object({ brand: z.string(), last4: z.string() }),
  }),
  z.object({ status: z.literal('declined'), code: z.string() }),
  z.object({ status: z.literal('waiting'), content: z.string().nullable(), expiresAt: z.string() }),
]);

function outcomeIn(answer: unknown): Outcome {
  const parsed = Answer.parse(answer);
  switch (parsed.status) {
    case 'approved': {
      const { charge: authorization, fee, tipAllowance, card } = parsed;
      return { kind: 'approved', authorization, fee, tipAllowance, card };
    }
    case 'declined':
      return { kind: 'declined', code: parsed.code };
    case 'waiting':
      return { kind: 'waiting', content: parsed.content, expiresAt: parsed.expiresAt };
  }
}

const Instant = z.iso.datetime().transform((text) => new Date(text));
const SettlementAnswer = z.object({
  movements: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['charge', 'refund', 'dispute', 'dispute_won']),
      charge: z.string(),
      amount: z.int(),
      fee: z.int(),
      currency: z.string(),
      at: Instant,
    }),
  ),
  next: z.string().nullable(),
});
const Webhook = z.object({ type: z.string(), account: z.uuid(), data: z.unknown() });
const CallEnded = z.object({ reference: z.uuid() });
const DisputeFacts = z.object({
  dispute: z.string(),
  charge: z.string(),
  status: z.enum(['open', 'won', 'lost']),
  reason: z.string(),
  amount: z.int(),
  fee: z.int(),
  currency: z.string(),
  openedAt: Instant,
});
