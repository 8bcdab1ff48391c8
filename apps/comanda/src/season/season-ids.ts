import { derivedId } from '../replay/derived-id.js';
import type { Season } from './plan.js';

/** Names things of a season: the same parts, the same id, on every run; in another season another. */
export type NameIds = (...parts: readonly (string | number)[]) => string;

/** Each season has a restaurant of its own, so that two of them do not add up. */
export const seasonIds =
  ({ seed, visits }: Season): NameIds =>
  (...parts) =>
    derivedId('season', String(seed), String(visits), ...parts.map(String));
