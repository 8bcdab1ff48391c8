import type { TierRules } from '@comanda/contracts';
import type { PointsMove } from './order-points.js';

/** The tier that so much reaches: of the levels whose threshold it reaches the highest; null when it reaches none. */
export function tierOf({ levels }: Pick<TierRules, 'levels'>, counted: number): string | null {
  const reached = levels.filter(({ threshold }) => threshold <= counted);
  return reached.toSorted((one, other) => other.threshold - one.threshold)[0]?.code ?? null;
}

/** The first moment that counts: of the year, by UTC, or so many days ago. */
export function periodStart({ period }: Pick<TierRules, 'period'>, now: Date): Date {
  return period.kind === 'calendar_year'
    ? new Date(Date.UTC(now.getUTCFullYear(), 0, 1))
    : new Date(now.getTime() - period.days * DAY);
}

const DAY = 86_400_000;

/** The points of a move that count towards a tier: those that orders earned, less what went back of them. */
export const countedOf = ({ kind, points }: Pick<PointsMove, 'kind' | 'points'>): number =>
  kind === 'earn' || (kind === 'reverse' && points < 0) ? points : 0;
