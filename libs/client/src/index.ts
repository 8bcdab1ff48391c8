export * from './comanda.js';
export * from './problem.js';
export type { Answer, Call, DataOf, InitOf, ListPath, Options, PathOf, RowOf } from './calls.js';
export type { StreamEvent } from './stream-events.js';
export type * from './published/api.js';
