import type { QueryResult } from 'pg';
import type { SimulatedProcess, World } from '../world/world.js';
import type { Backend, Reply, Statement } from './backends.js';
import type { DatabaseServer } from './server.js';
import type { Target } from './target.js';

/** A statement on its way, and whom to tell what came of it. */
interface Asked {
  readonly statement: Statement;
  readonly tell: (reply: Reply) => void;
}

/**
 * A session at a database: statements arrive one after the other, are carried out by the real server one at a time over all
 * sessions, and are answered a while later. Between any two things the line may be cut.
 */
export class Session {
  readonly #arrived: Asked[] = [];
  #asked: Asked[] = [];
  #lastAt = 0;
  #inTransaction = false;
  /** Whether the transaction has written anything. */
  #wrote = false;
  /** What came of the statement that was carried out last, where the server need not be asked. */
  #remembered: Reply | undefined;
  /** Milliseconds after which a statement of this transaction waits no more for a lock. */
  #lockTimeout: number;
  #waiting: { readonly asked: Asked; readonly since: number } | undefined;
  #over = false;

  private constructor(
    private readonly server: DatabaseServer,
    private readonly target: Target,
    private readonly backend: Backend,
    private readonly process: SimulatedProcess,
    /** Tells the client that the line was cut. */
    private readonly onCut: (error: Error) => void,
  ) {
    this.#lockTimeout = target.lockTimeout;
    process.onLoss(() => this.#world.after(this.#world.latency(), () => this.end(true)));
  }

  static async open(
    server: DatabaseServer,
    target: Target,
    process: SimulatedProcess,
    onCut: (error: Error) => void,
  ): Promise<Session> {
    const session = new Session(server, target, await server.backends.take(target), process, onCut);
    server.sessions.add(session);
    return session;
  }

  get #world(): World {
    return this.server.world;
  }

  /** Sends a statement; those sent before are carried out before. */
  send(statement: Statement, tell: (reply: Reply) => void): void {
    const asked: Asked = { statement, tell };
    this.#asked.push(asked);
    this.#later(() => this.#arrive(asked));
  }

  /** The line ends, from the client's side or because the client is gone. What has arrived may yet be carried out. */
  async end(gone = false): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const [next] = this.#arrived;
    const waits = gone && next && !this.#waiting && this.#world.fails(0.5) && (await this.#atServer(next.statement));
    if (this.#waiting || waits) await this.server.cancel(this.backend);
    await this.#close();
  }

  /** The machine stops: what was carried out was, and nobody hears of it. */
  async crash(): Promise<void> {
    if (this.#over) return;
    const [next] = this.#arrived;
    const waits = next && !this.#waiting && this.#world.fails(0.5) && (await this.#atServer(next.statement));
    if (waits) await this.server.cancel(this.backend);
    await this.cut();
  }

  /** The line is cut; both sides notice. */
  async cut(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    if (this.#waiting) await this.server.cancel(this.backend);
    await this.#close();
    const error = new Error('Connection terminated unexpectedly');
    this.#world.after(this.#world.latency(), () => {
      // Also what was sent before the client could know.
      const open = this.#asked;
      this.#asked = [];
      for (const { tell } of open) this.process.run(() => tell({ error }));
      this.process.run(() => this.onCut(error));
    });
  }

  /** Looks whether what was waited for has come. */
  async look(): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting || !(await this.server.hasCome(this.backend)) || this.#waiting !== waiting) return;
    this.#waiting = undefined;
    await this.#carriedOut(waiting.asked);
  }

  async #arrive(asked: Asked): Promise<void> {
    if (this.#over) return;
    this.#arrived.push(asked);
    if (this.#arrived.length === 1) await this.#next();
  }

  async #next(): Promise<void> {
    const [asked] = this.#arrived;
    if (!asked || this.#over) return;
    const { chances } = this.#world;
    const commits = isCommit(asked.statement);
    if (this.#world.fails(chances.cutBefore)) return this.#note('is cut before', asked).cut();
    const waits = await this.#atServer(
      this.#inTransaction && !commits && this.#world.fails(chances.collision) ? COLLISION : asked.statement,
    );
    if (waits) {
      this.#note('waits with', asked);
      const waiting = { asked, since: this.#world.now };
      this.#waiting = waiting;
      if (Number.isFinite(this.#lockTimeout)) this.#world.after(this.#lockTimeout, () => this.#giveUp(waiting));
      return undefined;
    }
    if (this.#world.fails(commits ? chances.lostCommit : chances.cutAfter)) {
      this.#note('is cut after', asked);
      await this.cut();
      return this.server.wake();
    }
    return this.#carriedOut(asked);
  }

  /** @returns whether it waits for a lock */
  async #atServer(asked: Statement): Promise<boolean> {
    const { server, backend } = this;
    const statement = this.#withoutTimeout(asked);
    const { text } = statement;
    this.#remembered = undefined;
    const send = (...statements: Statement[]) => server.carryOut(backend, ...statements);
    if (IN_THIS_WORLD.test(text)) return send({ text: 'select 1' });
    if (this.#inTransaction) return send(statement);
    const clock = { text: `set sim.now = '${new Date(this.#world.now).toISOString()}'` };
    if (/^\s*begin\b/i.test(text)) {
      this.#inTransaction = true;
      return send(clock, statement);
    }
    if (!isRead(text)) return send(clock, statement);
    const key = `${this.target.key} ${text} ${JSON.stringify(statement.values)}`;
    this.#remembered = server.remembered(key);
    if (this.#remembered) return false;
    await send(statement);
    if (backend.reply) server.remember(key, backend.reply);
    return false;
  }

  /** How long locks are waited for is kept here: the real server's clock is another one. */
  #withoutTimeout(statement: Statement): Statement {
    const { text, values } = statement;
    const [set, position] = LOCK_TIMEOUT.exec(text) ?? [];
    if (set === undefined) return statement;
    this.#lockTimeout = Number(values?.[Number(position) - 1]);
    return { ...statement, text: text.replace(set, `$${position}::text`) };
  }

  async #carriedOut(asked: Asked): Promise<void> {
    const reply = this.#remembered ?? (this.backend.reply as Reply);
    const { text, values } = asked.statement;
    this.#wrote ||= wrote(text, reply);
    if (this.#wrote && (!this.#inTransaction || isCommit(asked.statement))) {
      this.server.writes++;
      this.#wrote = false;
    }
    if (/^listen/i.test(text)) {
      const channel = text.replace(/^listen\s+"?|"$/gi, '');
      this.server.listen(channel, this, () => this.process.run(() => this.onNotification?.(channel)));
    }
    if (/pg_notify\(/.test(text)) this.server.notify((values?.[0] ?? 'outbox') as string);
    this.#note('error' in reply ? `fails (${codeOf(reply.error)}) with` : 'did', asked);
    this.#answer(asked, reply);
    this.#arrived.shift();
    if (isCommit(asked.statement)) {
      this.#inTransaction = false;
      this.#lockTimeout = this.target.lockTimeout;
      await this.server.wake();
    }
    if (this.#arrived.length > 0) this.#world.after(0, () => this.#next());
  }

  /** Hears of notifications, where the client listens. */
  onNotification: ((channel: string) => void) | undefined;

  async #giveUp(waiting: { readonly asked: Asked }): Promise<void> {
    if (this.#over || this.#waiting !== waiting) return;
    await this.server.cancel(this.backend);
    if (this.#waiting !== waiting) return;
    this.#waiting = undefined;
    const error = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
    this.#note('waited too long with', waiting.asked).#answer(waiting.asked, { error });
    this.#arrived.shift();
    await this.server.wake();
    if (this.#arrived.length > 0) await this.#next();
  }

  #answer(asked: Asked, reply: Reply): void {
    this.#later(() => {
      if (this.#over) return;
      this.#asked = this.#asked.filter((other) => other !== asked);
      this.process.run(() => asked.tell(reply));
    });
  }

  /** Nothing on the line overtakes. */
  #later(run: () => unknown): void {
    this.#lastAt = Math.max(this.#lastAt, this.#world.now + this.#world.latency());
    this.#world.after(this.#lastAt - this.#world.now, run);
  }

  async #close(): Promise<void> {
    this.server.sessions.delete(this);
    this.server.deafen(this);
    await this.server.release(this.backend);
    await this.server.wake();
  }

  #note(what: string, { statement: { name, text } }: Asked): this {
    this.#world.note(`${this.process.name} ${what} ${name ?? text.trim().slice(0, 40).replaceAll(/\s+/g, ' ')}`);
    return this;
  }
}

const isCommit = ({ text }: Statement): boolean => /^\s*(commit|rollback)\b/i.test(text);

/** What of the server is played here: who listens to whom, and how long a silent session is kept. */
const IN_THIS_WORLD = /^\s*(listen|unlisten)\b|pg_notify\(|idle_session_timeout/i;

const LOCK_TIMEOUT = /set_config\('lock_timeout', \$(\d+), true\)/;

/** Whether a statement only reads, and always comes to the same while nothing is written. */
const isRead = (text: string): boolean =>
  /^\s*select\b/i.test(text) && !/now\(\)|set_config|pg_|for update|for share|nextval/i.test(text);

function wrote(text: string, reply: Reply): boolean {
  if ('error' in reply || !/\b(insert|update|delete|truncate)\b/i.test(text)) return false;
  const { command, rowCount } = reply.result as QueryResult;
  return command !== 'UPDATE' || rowCount !== 0;
}

const codeOf = (error: Error): string => (error as { code?: string }).code ?? error.message;

/** What the server says when two transactions meet. */
const COLLISION: Statement = {
  text: `do $$ begin raise exception 'could not serialize access' using errcode = '40001'; end $$`,
};
