import type { Tx } from './transaction.js';

/**
 * What is asked for with every request and seldom changes, remembered for a moment. Requests that ask within one turn of the
 * same transaction share a statement, for a thousand keys perhaps.
 */
export class Remembered<Value> {
  readonly #known = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly #asked = new WeakMap<Tx, Asked<Value>>();

  /**
   * @param read the values of these keys; what is missing is asked for again by the next request
   * @param milliseconds for how long a value may be older than what is stored
   */
  constructor(
    private readonly read: (tx: Tx, keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
    private readonly milliseconds: number,
  ) {}

  /** What is remembered now. */
  known(key: string): Value | undefined {
    const known = this.#known.get(key);
    return known && known.until > performance.now() ? known.value : undefined;
  }

  async get(tx: Tx, key: string): Promise<Value | undefined> {
    const known = this.known(key);
    if (known !== undefined) return known;
    const asked = this.#asked.get(tx) ?? this.#ask(tx);
    asked.keys.add(key);
    return (await asked.answer).get(key);
  }

  /** Makes the next request ask again. */
  forget(key: string): void {
    this.#known.delete(key);
  }

  #ask(tx: Tx): Asked<Value> {
    const keys = new Set<string>();
    // Begins when everybody of this turn has named a key.
    const answer = Promise.resolve().then(async () => {
      this.#asked.delete(tx);
      const until = performance.now() + this.milliseconds;
      const found = await this.read(tx, [...keys]);
      for (const [key, value] of found) this.#known.set(key, { value, until });
      return found;
    });
    const asked = { keys, answer };
    this.#asked.set(tx, asked);
    return asked;
  }
}

interface Asked<Value> {
  readonly keys: Set<string>;
  readonly answer: Promise<ReadonlyMap<string, Value>>;
}
