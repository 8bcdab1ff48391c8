/** A rule that is broken on purpose, to see whether the simulator notices. */
export interface BrokenRule {
  readonly name: string;
  /** What is done wrong then. */
  readonly wrong: string;
  /** The built file, and what in it is replaced by what. */
  readonly file: `${'libs' | 'apps'}/${string}.js`;
  readonly changes: readonly (readonly [find: string, replace: string])[];
}

/** Mistakes of the kind that somebody makes on a busy day. */
export const BROKEN_RULES: readonly BrokenRule[] = [
  {
    name: 'relay-skips-what-commits-late',
    wrong: 'The relay reads on from the last id it has published.',
    file: 'libs/events/dist/src/outbox/outbox.store.js',
    changes: [
      [
        'const rows = await session.query(UNPUBLISHED, [limit]);',
        'const rows = (await session.query(UNPUBLISHED, [limit])).filter(({ id }) => Number(id) > (session.last ?? 0));',
      ],
      [
        'await session.query(MARK, [rows.map(({ id }) => id)]);',
        'session.last = Math.max(...rows.map(({ id }) => Number(id))); await session.query(MARK, [rows.map(({ id }) => id)]);',
      ],
    ],
  },
  {
    name: 'relay-marks-before-it-appends',
    wrong: 'The relay notes rows as published, and then publishes them.',
    file: 'libs/events/dist/src/outbox/relay.js',
    changes: [
      [
        'if (rows.length > 0 && !(await this.#append(rows))) {',
        'if (rows.length > 0) await markPublished(session, rows); if (rows.length > 0 && !(await this.#append(rows))) {',
      ],
    ],
  },
  {
    name: 'relay-keeps-no-order',
    wrong: 'The relay takes what waits in any order.',
    file: 'libs/events/dist/src/outbox/outbox.store.js',
    changes: [['is null order by id limit $1', 'is null order by md5(type || id) limit $1']],
  },
  {
    name: 'consumer-forgets-its-inbox',
    wrong: 'An event that comes again has its effect again.',
    file: 'libs/events/dist/src/consumer/consumer.js',
    changes: [['deliveries.filter(({ event }) => unseen.delete(event.id))', 'deliveries']],
  },
  {
    name: 'position-before-effect',
    wrong: 'The position in the log moves on before the effect is committed.',
    file: 'libs/events/dist/src/consumer/consumer.js',
    changes: [['await this.#handle(ofOne, signal);', 'void this.#handle(ofOne, signal).catch(() => undefined);']],
  },
  {
    name: 'acknowledged-before-committed',
    wrong: 'A request is answered while its commit is still on the way.',
    file: 'libs/platform/dist/src/database/transaction.js',
    changes: [
      [
        "const committed = client.query('commit');",
        "const committed = Promise.resolve({ command: 'COMMIT' }); client.query('commit').catch(() => undefined);",
      ],
    ],
  },
  {
    name: 'charged-again-under-a-new-reference',
    wrong: 'A charge that is tried again is another charge to the provider.',
    file: 'apps/payments/dist/src/provider/sandbox-provider.js',
    changes: [
      [
        "this.#post(organizationId, '/v1/charges', request, signal)",
        "this.#post(organizationId, '/v1/charges', { ...request, reference: signal.tried ? globalThis.crypto.randomUUID() : ((signal.tried = true), request.reference) }, signal)",
      ],
    ],
  },
  {
    name: 'time-out-taken-for-a-decline',
    wrong: 'What the provider did not answer counts as declined.',
    file: 'apps/payments/dist/src/provider/provider-line.js',
    changes: [['? NEVER_ASKED : UNKNOWN', '? NEVER_ASKED : NEVER_ASKED']],
  },
  {
    name: 'lost-too-soon',
    wrong: 'A call that the provider does not know yet counts as lost at once.',
    file: 'apps/payments/dist/src/attempts/attempts.js',
    changes: [["Date.now() - createdAt.getTime() >= this.#lostAfterMs ? 'lost'", "true ? 'lost'"]],
  },
  {
    name: 'twin-does-not-matter',
    wrong: 'A request commits its effect though another process has stored an answer under its key.',
    file: 'libs/platform/dist/src/idempotency/grouped-effects.js',
    changes: [
      ['as settled (key, hash, status, answer)`', 'as settled (key, hash, status, answer) on conflict do nothing`'],
    ],
  },
  {
    name: 'nothing-is-locked',
    wrong: 'Rows are decided on as they were read, not locked.',
    file: 'libs/platform/dist/src/database/rows.js',
    changes: [["kind === 'lock' ? ' for update' : ''", "''"]],
  },
  {
    name: 'every-ending-is-news',
    wrong: 'An attempt that is told of twice is booked twice.',
    file: 'apps/payments/dist/src/attempts/attempt.js',
    changes: [['return isOpen(status) && status !== ending.kind;', "return ending.kind !== 'unknown';"]],
  },
  {
    name: 'levels-from-a-stale-read',
    wrong: 'A level is overwritten with what moved last.',
    file: 'apps/inventory/dist/src/levels/levels.store.js',
    changes: [
      [
        'quantity = case when excluded.counted_at is null then level.quantity else 0 end + excluded.quantity',
        'quantity = excluded.quantity',
      ],
    ],
  },
  {
    name: 'nobody-looks-after-the-dead',
    wrong: 'An attempt whose process died is never looked up.',
    file: 'apps/payments/dist/src/attempts/attempts.store.js',
    changes: [["where status in ('pending', 'unknown') and next_look_at", "where status = 'unknown' and next_look_at"]],
  },
];
