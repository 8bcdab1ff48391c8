import { newId } from '@comanda/platform';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Approved, Outcome, PaymentProvider, Question } from './payment-provider.js';
import { ProviderLine } from './provider-line.js';

/** How a provider can be made to behave, by the words of the sandbox's control interface. */
export type Trouble =
  | { readonly as: 'falls_silent' | 'never_hears' | 'garbles' }
  | { readonly as: 'errs'; readonly status: number; readonly after: boolean }
  | { readonly as: 'hangs_up'; readonly after: boolean };

/** A webhook as it arrives. */
export interface Arriving {
  readonly body: Buffer;
  readonly headers: Record<string, string>;
}

/** A provider on trial. */
export interface Subject {
  readonly provider: PaymentProvider;
  readonly organizationId: string;
  /** Tokens of a card that pays, and of one that is declined with `declineCode`. */
  readonly good: string;
  readonly bad: string;
  readonly declineCode: string;
  /** Makes the next call of this kind go wrong, as often as said. */
  trouble(operation: 'authorize' | 'capture' | 'refund' | 'lookup', trouble: Trouble, times?: number): Promise<void>;
  /** A webhook about a call, as the provider signs it. */
  webhook(reference: string, options?: { at?: Date; id?: string }): Arriving;
}

/**
 * What payments rely on, whoever the provider is. Every adapter runs all of it against a provider that keeps books; what a
 * canned one can answer is in the adapter's own tests.
 */
export function describeProvider(name: string, open: () => Promise<Subject>): void {
  let it: Subject;
  beforeAll(async () => {
    it = await open();
  });
  const { signal } = new AbortController();
  const call = () => ({ organizationId: it.organizationId, reference: newId(), currency: 'USD' });
  const charging = (amount = 20_00, source = it.good, capture = true) => ({
    ...call(),
    source,
    amount,
    capture,
    live: false,
  });
  const authorized = async (amount: number) =>
    (await it.provider.authorize(charging(amount, it.good, false), signal)) as Approved;
  const captured = async (amount: number) => (await it.provider.authorize(charging(amount), signal)) as Approved;
  const about = ({ organizationId, reference }: { organizationId: string; reference: string }): Question => ({
    organizationId,
    reference,
    kind: 'authorize',
    authorization: null,
    askedAt: new Date(),
  });
  const line = () => new ProviderLine(it.provider, { timeoutMs: 500, concurrency: 8 });
  const asked = (request: ReturnType<typeof charging>): Promise<Outcome> =>
    line().whenFree((ask) => ask((provider, hurry) => provider.authorize(request, hurry)));

  describe(`${name} holds, collects and gives back:`, () => {
    test('a reference it has heard is answered as it was then, and does nothing more', async () => {
      const request = charging();
      const first = (await it.provider.authorize(request, signal)) as Approved;
      expect(first).toMatchObject({ kind: 'approved', authorization: expect.any(String), fee: expect.any(Number) });
      expect(await it.provider.authorize(request, signal)).toEqual(first);
      const refund = { ...call(), authorization: first.authorization, amount: 15_00 };
      expect(await it.provider.refund(refund, signal)).toEqual(await it.provider.refund(refund, signal));
      const rest = { ...call(), authorization: first.authorization };
      expect(await it.provider.refund({ ...rest, amount: 5_01 }, signal)).toMatchObject({ kind: 'declined' });
      expect(await it.provider.refund({ ...rest, reference: newId(), amount: 5_00 }, signal)).toMatchObject({
        kind: 'approved',
      });
    });

    test('it tells afterwards how a call ended, declined ones too, and knows what it has never heard of', async () => {
      const [good, bad] = [charging(), charging(20_00, it.bad)];
      const answers = [await it.provider.authorize(good, signal), await it.provider.authorize(bad, signal)];
      expect(answers).toMatchObject([{ kind: 'approved' }, { kind: 'declined', code: it.declineCode }]);
      expect([await it.provider.lookup(about(good), signal), await it.provider.lookup(about(bad), signal)]).toEqual(
        answers,
      );
      expect(await it.provider.lookup(about(call()), signal)).toEqual({ kind: 'not_found' });
    });

    test('what is held is collected once, with a tip of at most a fifth more, and the rest is let go', async () => {
      const { authorization, tipAllowance } = await authorized(30_00);
      expect(tipAllowance).toBe(6_00);
      const capture = (amount: number) => it.provider.capture({ ...call(), authorization, amount }, signal);
      expect(await capture(36_01)).toMatchObject({ kind: 'declined' });
      expect(await capture(36_00)).toMatchObject({ kind: 'approved' });
      expect(await capture(1)).toMatchObject({ kind: 'declined' });
      expect(await it.provider.void({ ...call(), authorization }, signal)).toMatchObject({ kind: 'declined' });
    });

    test('a table that goes on ordering has more held: 30.00 and 12.00 can be captured as 42.00', async () => {
      const { authorization } = await authorized(30_00);
      const more = { ...call(), authorization, amount: 12_00, total: 42_00 };
      const answer = await it.provider.increment(more, signal);
      expect(answer).toMatchObject({ kind: 'approved', authorization });
      expect(await it.provider.increment(more, signal)).toEqual(answer);
      const captureAll = { ...call(), authorization, amount: 42_00 };
      expect(await it.provider.capture(captureAll, signal)).toMatchObject({ kind: 'approved' });
      const late = { ...call(), authorization, amount: 1_00, total: 43_00 };
      expect(await it.provider.increment(late, signal)).toMatchObject({ kind: 'declined' });
    });

    test('what is let go cannot be collected', async () => {
      const { authorization } = await authorized(30_00);
      expect(await it.provider.void({ ...call(), authorization }, signal)).toMatchObject({ kind: 'approved', fee: 0 });
      expect(await it.provider.capture({ ...call(), authorization, amount: 1 }, signal)).toMatchObject({
        kind: 'declined',
      });
    });

    test('at most what was collected goes back, however many ask at once', async () => {
      const { authorization } = await captured(30_00);
      const refunds = await Promise.all(
        Array.from({ length: 10 }, () => it.provider.refund({ ...call(), authorization, amount: 10_00 }, signal)),
      );
      expect(refunds.filter(({ kind }) => kind === 'approved')).toHaveLength(3);
    });

    test('it knows nothing of another organization’s cards', async () => {
      const { authorization } = await captured(30_00);
      const refund = { ...call(), organizationId: newId(), authorization, amount: 1 };
      expect(await it.provider.refund(refund, signal)).toMatchObject({ kind: 'declined' });
    });
  });

  describe(`${name} on a bad day:`, () => {
    test.each<[string, Trouble]>([
      ['silence after it has charged', { as: 'falls_silent' }],
      ['an answer that makes no sense', { as: 'garbles' }],
    ])('%s is unknown, never no, and looking it up finds the money', async (_, trouble) => {
      await it.trouble('authorize', trouble);
      const request = charging();
      expect(await asked(request)).toEqual({ kind: 'unknown' });
      expect(await it.provider.lookup(about(request), signal)).toMatchObject({ kind: 'approved' });
    });

    test('a call that it never heard is unknown, and looking it up says so', async () => {
      await it.trouble('authorize', { as: 'never_hears' });
      const request = charging();
      expect(await asked(request)).toEqual({ kind: 'unknown' });
      expect(await it.provider.lookup(about(request), signal)).toEqual({ kind: 'not_found' });
    });

    test.each<[string, Trouble]>([
      ['a 500 before it did anything', { as: 'errs', status: 500, after: false }],
      ['a 500 after it has charged', { as: 'errs', status: 500, after: true }],
      ['a 429', { as: 'errs', status: 429, after: false }],
      ['a connection that is reset', { as: 'hangs_up', after: false }],
      ['a connection that is reset after it has charged', { as: 'hangs_up', after: true }],
    ])('%s is asked again with the same reference, and charges once', async (_, trouble) => {
      await it.trouble('authorize', trouble);
      const request = charging();
      const outcome = await asked(request);
      expect(outcome).toMatchObject({ kind: 'approved' });
      expect(await it.provider.authorize(request, signal)).toEqual(outcome);
    });

    test('a provider that answers 500 each time leaves it unknown', async () => {
      await it.trouble('authorize', { as: 'errs', status: 500, after: false }, 3);
      expect(await asked(charging())).toEqual({ kind: 'unknown' });
    });

    test('a look-up that fails says nothing', async () => {
      const request = charging();
      await asked(request);
      await it.trouble('lookup', { as: 'errs', status: 503, after: false });
      expect(await line().lookup(about(request))).toEqual({ kind: 'unknown' });
      expect(await line().lookup(about(request))).toMatchObject({ kind: 'approved' });
    });
  });

  describe(`${name} by webhook:`, () => {
    test('what it signed is taken, the same however often it comes', () => {
      const reference = newId();
      const { body, headers } = it.webhook(reference, { id: 'evt_7' });
      const notice = it.provider.notice(body, headers);
      expect(notice).toMatchObject({ id: 'evt_7', about: 'call', organizationId: it.organizationId, reference });
      expect(it.provider.notice(body, headers)).toEqual(notice);
    });

    test.each<[string, (arriving: Arriving) => Arriving]>([
      ['a body that was touched', ({ body, headers }) => ({ body: Buffer.from(`${body.toString()} `), headers })],
      ['no signature', ({ body }) => ({ body, headers: {} })],
      [
        'the signature of somebody else',
        ({ body, headers }) => ({
          body,
          headers: Object.fromEntries(
            Object.entries(headers).map(([header, value]) => [
              header,
              value.replace(/[A-Za-z0-9]{6}(=*)$/, 'AAAAAA$1'),
            ]),
          ),
        }),
      ],
    ])('%s is refused', (_, change) => {
      const { body, headers } = change(it.webhook(newId()));
      expect(() => it.provider.notice(body, headers)).toThrow(expect.objectContaining({ code: 'signature_invalid' }));
    });

    test.each([
      [4 * 60, true],
      [6 * 60, false],
    ])('one that was signed %d seconds ago: taken is %s', (seconds, taken) => {
      const { body, headers } = it.webhook(newId(), { at: new Date(Date.now() - seconds * 1_000) });
      const read = () => it.provider.notice(body, headers);
      if (taken) expect(read()).toMatchObject({ about: 'call' });
      else expect(read).toThrow(expect.objectContaining({ code: 'signature_invalid' }));
    });
  });
}
