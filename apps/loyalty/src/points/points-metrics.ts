import { type Envelope, PointsEarned, PointsRedeemed, PointsReversed } from '@comanda/contracts';
import { onPublished } from '@comanda/events';
import { METRICS } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';

/** Counts the points that guests earn and spend, as their events tell it. */
@Injectable()
export class PointsMetrics {
  constructor(db: DataSource, @Inject(METRICS) metrics: Registry) {
    const moved = new Counter({
      name: 'loyalty_points_total',
      help: 'Points that guests earned, spent, or had to give back.',
      labelNames: ['kind'],
      registers: [metrics],
    });
    onPublished(db, (events) => {
      for (const { type, data } of events) {
        const kind = KINDS.get(type);
        if (!kind) continue;
        const { points } = JSON.parse(data) as Envelope<typeof PointsEarned>['data'];
        moved.inc({ kind }, Math.abs(points));
      }
    });
  }
}

const KINDS: ReadonlyMap<string, string> = new Map([
  [PointsEarned.type, 'earned'],
  [PointsRedeemed.type, 'redeemed'],
  [PointsReversed.type, 'reversed'],
]);
