import type { SeedResult } from '../scenario/run-seed.js';

/** What a worker is started with. */
export interface WorkerOptions {
  /** The administrator's connection to the server. */
  readonly server: string;
  /** What its databases are called by. */
  readonly prefix: string;
  /** Whether it tells line by line what happened. */
  readonly tell: boolean;
  /** The rule that it breaks. */
  readonly broken?: string | undefined;
}

export type ToWorker = { readonly seed: number };
export type FromWorker = { readonly ready: true } | { readonly result: SeedResult } | { readonly failed: string };
