import { type ProblemCode, statusOf } from '@comanda/contracts';

/** One thing wrong with a request: where (a JSON pointer) and what. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * A rule said no. Thrown inside a transaction it rolls back; the filter answers with problem+json.
 * The sentence is for the person at the till; `facts` are added to the answer as they are.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Seconds after which a repeat may succeed; sent as `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: ProblemCode,
    sentence: string,
    readonly facts: Readonly<Record<string, unknown>> & { readonly errors?: readonly Fault[] } = {},
    options: { retryAfter?: number; cause?: unknown } = {},
  ) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = statusOf(code);
    this.retryAfter = options.retryAfter;
  }
}
