import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What a line does to what is said on it. */
type Manner =
  | { readonly is: 'up' | 'cut' | 'dead' | 'mute' | 'garbling' }
  | { readonly is: 'late'; readonly milliseconds: number }
  | { readonly is: 'narrow'; readonly bytesPerSecond: number };

export interface LineOptions {
  /** After so many messages from clients the line is cut. */
  readonly cutAfter?: number;
  /** Whether what clients say can be read afterwards. */
  readonly remembers?: boolean;
}

/** A TCP line to a server that fails when it is told to, as the lines of a restaurant do, and heals. */
export class FaultyLine {
  readonly port: number;
  /** What clients have said, as Latin-1, where that is remembered. */
  said = '';
  /** How often it was cut before an answer that was feared. */
  cutAnswers = 0;
  #heard = 0;
  #feared: RegExp | undefined;
  #manner: Manner = { is: 'up' };
  readonly #calls = new Set<Call>();

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
    private readonly options: Required<LineOptions>,
  ) {
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.#carry(near));
  }

  /** Opens a line to the server of a URL, which need not be there yet. `url` is the way by this line. */
  static async to(target: string, options: LineOptions = {}): Promise<FaultyLine & { readonly url: string }> {
    const url = new URL(target);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new FaultyLine(
      server,
      { host: url.hostname, port: Number(url.port) },
      { cutAfter: Infinity, remembers: false, ...options },
    );
    url.host = `127.0.0.1:${line.port}`;
    return Object.assign(line, { url: url.href });
  }

  get isCut(): boolean {
    return this.#manner.is === 'cut';
  }

  /** Breaks every connection and takes no new one. */
  cut(): void {
    this.#manner = { is: 'cut' };
    for (const call of this.#calls) call.hangUp();
  }

  /** Is cut as soon as an answer comes that holds this, and does not let it through. */
  cutBefore(answer: RegExp): void {
    this.#feared = answer;
  }

  /** Swallows everything, without a word to either end: both believe that the other is still there. */
  goDead(): void {
    this.#manner = { is: 'dead' };
  }

  /** Lets the server hear everything and nobody hear its answers. */
  goMute(): void {
    this.#manner = { is: 'mute' };
  }

  /** Lets every answer arrive so many milliseconds late. */
  delay(milliseconds: number): void {
    this.#manner = { is: 'late', milliseconds };
  }

  /** Lets so many bytes a second through, each way, on each connection. */
  narrow(bytesPerSecond: number): void {
    this.#manner = { is: 'narrow', bytesPerSecond };
  }

  /** Answers with bytes that nobody understands. */
  garble(): void {
    this.#manner = { is: 'garbling' };
  }

  /** Carries everything again. What was swallowed is gone: connections that had a part in it are broken. */
  heal(): void {
    this.#manner = { is: 'up' };
    for (const call of this.#calls) if (call.isSpoiled) call.hangUp();
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  #carry(near: Socket): void {
    if (this.isCut) return void near.resetAndDestroy();
    const call = new Call(near, connect(this.target.port, this.target.host), {
      manner: () => this.#manner,
      said: (bytes) => this.#listen(bytes),
      isFeared: (answer) => this.#isFeared(answer),
      ended: () => this.#calls.delete(call),
    });
    this.#calls.add(call);
  }

  #isFeared(answer: Buffer): boolean {
    if (!this.#feared?.test(answer.toString('latin1'))) return false;
    this.#feared = undefined;
    this.cutAnswers += 1;
    this.cut();
    return true;
  }

  #listen(bytes: Buffer): void {
    if (this.options.remembers) this.said += bytes.toString('latin1');
    if (++this.#heard > this.options.cutAfter) this.cut();
  }
}

interface Surroundings {
  readonly manner: () => Manner;
  readonly said: (bytes: Buffer) => void;
  readonly isFeared: (answer: Buffer) => boolean;
  readonly ended: () => void;
}

/** One connection over a line. */
class Call {
  /** Something said on it was lost or changed: it must not go on as if nothing had been. */
  isSpoiled = false;

  constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    private readonly surroundings: Surroundings,
  ) {
    const [asked, answered] = [new Passage(far), new Passage(near)];
    near.on('data', (bytes: Buffer) => {
      surroundings.said(bytes);
      this.#pass(bytes, asked, 'question');
    });
    far.on('data', (bytes: Buffer) => {
      if (!surroundings.isFeared(bytes)) this.#pass(bytes, answered, 'answer');
    });
    near.on('error', () => undefined).on('close', () => this.#end(asked));
    far.on('error', () => undefined).on('close', () => this.#end(answered));
  }

  hangUp(): void {
    this.near.destroy();
    this.far.destroy();
  }

  #pass(bytes: Buffer, passage: Passage, as: 'question' | 'answer'): void {
    const manner = this.surroundings.manner();
    switch (manner.is) {
      case 'up':
        return passage.send(bytes);
      case 'late':
        return passage.send(bytes, as === 'answer' ? manner.milliseconds : 0);
      case 'narrow':
        return passage.send(bytes, (bytes.length * 1_000) / manner.bytesPerSecond, 'one by one');
      case 'mute':
        if (as === 'question') return passage.send(bytes);
        break;
      case 'garbling':
        if (as === 'question') return passage.send(bytes);
        passage.send(Buffer.alloc(bytes.length, 'garbage '));
        break;
      case 'dead':
      case 'cut':
        break;
    }
    this.isSpoiled = true;
  }

  /** A line that is dead or mute tells neither end that the other has gone. */
  #end(passage: Passage): void {
    const { is } = this.surroundings.manner();
    if (is === 'dead' || is === 'mute') return void (this.isSpoiled = true);
    return void passage.empty().then(() => {
      this.hangUp();
      this.surroundings.ended();
    });
  }
}

/** One direction of a connection: what is sent arrives in its order, however late. */
class Passage {
  #under: Promise<unknown> | undefined;
  #freeAt = 0;

  constructor(private readonly to: Socket) {}

  /** @param spacing whether what follows has to wait until this is through, or travels beside it */
  send(bytes: Buffer, milliseconds = 0, spacing: 'side by side' | 'one by one' = 'side by side'): void {
    if (milliseconds === 0 && !this.#under) return void this.to.write(bytes);
    const now = performance.now();
    const arrives = (spacing === 'one by one' ? Math.max(now, this.#freeAt) : now) + milliseconds;
    this.#freeAt = arrives;
    const before = this.#under;
    const sent = (async () => {
      await pause(arrives - now);
      await before;
      this.to.write(bytes);
    })();
    this.#under = sent;
    void sent.then(() => {
      if (this.#under === sent) this.#under = undefined;
    });
  }

  async empty(): Promise<void> {
    await this.#under;
  }
}
