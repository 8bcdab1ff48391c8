import { formatDecimal, type Money } from '@comanda/money';

/** Progress for a person: on stderr, so that stdout stays the command's own. One line that moves on a terminal, lines elsewhere. */
export class Progress {
  #began = performance.now();
  #last = 0;

  constructor(
    private readonly stream: NodeJS.WriteStream = process.stderr,
    private readonly quiet = false,
  ) {}

  /** A step that has begun. */
  step(text: string): void {
    if (!this.quiet) this.stream.write(`  ${this.#elapsed()}  ${text}\n`);
  }

  /** How far a long step is; shown once a second at most. */
  update(text: string): void {
    const now = performance.now();
    if (this.quiet || now - this.#last < (this.stream.isTTY ? 100 : 5_000)) return;
    this.#last = now;
    this.stream.write(
      this.stream.isTTY ? `\r  ${this.#elapsed()}  ${text}\u001b[K` : `  ${this.#elapsed()}  ${text}\n`,
    );
  }

  /** Ends a line that moves. */
  done(): void {
    if (!this.quiet && this.stream.isTTY && this.#last > 0) this.stream.write('\r\u001b[K');
  }

  #elapsed(): string {
    return `${Math.floor((performance.now() - this.#began) / 1000)} s`.padStart(6);
  }
}

export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
export const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** An amount in major units: `12.50 USD`. */
export const amountIn = (money: Money): string => `${formatDecimal(money)} ${money.currency}`;

/** The first rows of a list: all of them, unless there are more than wanted. */
export async function collect<Row>(list: AsyncIterable<Row>, limit = Infinity): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of list) if (rows.push(row) >= limit) break;
  return rows;
}

/** The fields that somebody gave. */
export const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** A table for people: columns as wide as they must be. */
export function table(rows: readonly (readonly (string | number)[])[], header: readonly string[]): string {
  const all = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}
