import { asWorker, inTransaction, insertRows, newId, onCommit, type Tx } from '@comanda/platform';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { request } from 'undici';
import { NoticeEntity, type NoticeRow, type NoticeType } from './notice.entity.js';
import { signedHeaders } from './signature.js';

/** Where webhooks go, and what they are signed with. */
export interface WebhookTarget {
  readonly url: string | undefined;
  /** `whsec_` and the key, base64. */
  readonly secret: string;
}

/** One webhook as it goes over the wire, for tests that want it sent in a way that no provider should. */
export interface Sending {
  readonly account: string;
  readonly type: string;
  readonly data: object;
  readonly id?: string | undefined;
  readonly at?: Date | undefined;
  readonly times?: number;
  readonly badlySigned?: boolean;
}

/** Tells merchants what they could not see: at least once, in no order in particular, again for as long as nobody takes it. */
export class Notices {
  target: WebhookTarget;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly db: DataSource,
    private readonly worker: DataSource,
    target: WebhookTarget,
    private readonly log: Logger,
  ) {
    this.target = target;
    this.#later(LOOK);
  }

  /** Keeps something to be told; it is sent as soon as the transaction has committed. */
  async keep(tx: Tx, organizationId: string, type: NoticeType, data: object): Promise<void> {
    const now = new Date();
    const notice: NoticeRow = { organizationId, id: newId(), type, data, tries: 0, dueAt: now, createdAt: now };
    await insertRows(tx, NoticeEntity, [notice]);
    onCommit(tx, () => this.#later(0));
  }

  /** Tells how a call ended, and waits until it was taken: some webhooks are faster than the answer. */
  async tellNow(organizationId: string, data: object): Promise<void> {
    await this.send({ account: organizationId, type: 'call.ended', data });
  }

  /** Tells how a call ended, when it suits. */
  tell(organizationId: string, data: object): Promise<void> {
    return inTransaction(this.db, organizationId, (tx) => this.keep(tx, organizationId, 'call.ended', data));
  }

  /** Sends a webhook, as often as wanted and all at once. @returns the statuses it was answered with; 0 where nobody answered */
  async send({
    account,
    type,
    data,
    id = newId(),
    at = new Date(),
    times = 1,
    badlySigned,
  }: Sending): Promise<number[]> {
    const { url, secret } = this.target;
    if (!url) return [];
    const body = JSON.stringify({ id, type, account, createdAt: at.toISOString(), data });
    const headers = signedHeaders({ id, at, body }, badlySigned ? `whsec_${secret.slice(-8)}` : secret);
    return Promise.all(
      Array.from({ length: times }, async () => {
        try {
          const answer = await request(url, { method: 'POST', headers, body, headersTimeout: PATIENCE });
          await answer.body.dump();
          return answer.statusCode;
        } catch (error) {
          this.log.debug({ err: error }, 'nobody took a webhook');
          return 0;
        }
      }),
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #later(milliseconds: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#round = this.#round.then(() => this.#sendDue()).finally(() => this.#later(LOOK));
    }, milliseconds);
    this.#timer.unref();
  }

  async #sendDue(): Promise<void> {
    if (!this.target.url) return;
    try {
      const due = await asWorker(this.worker, takeDue);
      await Promise.all(due.map((notice) => this.#send(notice)));
    } catch (error) {
      this.log.warn({ err: error }, 'webhooks could not be sent');
    }
  }

  async #send({ organizationId, id, type, data }: NoticeRow): Promise<void> {
    const [status = 0] = await this.send({ account: organizationId, type, data, id });
    if (status >= 200 && status < 300)
      await asWorker(this.worker, (tx) => tx.update(NoticeEntity, { id }, { dueAt: null }));
  }
}

/** Takes what is due, and puts it off: a second, then two, four, at most an hour, for three days. */
async function takeDue(tx: Tx): Promise<NoticeRow[]> {
  const [taken] = await tx.sql<[NoticeRow[], number]>`
    update notices set tries = tries + 1,
      due_at = case when created_at > now() - interval '3 days' then now() + least(3600, power(2, least(tries, 12))) * interval '1 second' end
    where (organization_id, id) in (
      select organization_id, id from notices where due_at <= now() order by due_at limit 64 for update skip locked)
    returning organization_id as "organizationId", id, type, data, tries, due_at as "dueAt", created_at as "createdAt"`;
  return taken;
}

const LOOK = 1_000;
const PATIENCE = 15_000;
