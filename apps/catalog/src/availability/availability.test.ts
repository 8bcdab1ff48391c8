import { Id } from '@comanda/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idOf } from '../testing/drafts.js';
import { availabilityId, wantedByHand } from './availability.js';
import { wantedByStock } from './stock.js';

const subject = { locationId: idOf('here'), itemId: idOf('pizza'), variationId: null };

describe('the id of an availability', () => {
  test('is known before anything was ever unavailable, and is a UUID', () => {
    const id = availabilityId({ ...subject, reason: 'manual' });
    expect(id).toBe(availabilityId({ ...subject, reason: 'manual' }));
    expect(Id.parse(id)).toBe(id);
    expect(id).toMatch(/^.{14}8.{4}[89ab]/);
  });

  test('is another one for every location, item, variation and reason', () => {
    const ids = [
      { ...subject, reason: 'manual' as const },
      { ...subject, reason: 'stock' as const },
      { ...subject, variationId: idOf('small'), reason: 'manual' as const },
      { ...subject, itemId: idOf('salad'), reason: 'manual' as const },
      { ...subject, locationId: idOf('there'), reason: 'manual' as const },
    ].map(availabilityId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('who takes something off sale by hand', () => {
  const noon = new Date('2026-03-06T12:00:00Z');

  test('may say when it comes back', () => {
    const wanted = wantedByHand(subject, { available: false, until: '2026-03-06T14:00:00+01:00' }, noon);
    expect(wanted).toEqual({ ...subject, reason: 'manual', available: false, until: new Date('2026-03-06T13:00:00Z') });
  });

  test('cannot let it come back in the past', () => {
    const now = { available: false, until: noon.toISOString() };
    expect(() => wantedByHand(subject, now, noon)).toThrow(expect.objectContaining({ code: 'until_passed' }));
  });

  test('who puts it back on sale does so without an end', () => {
    expect(wantedByHand(subject, { available: true, until: '2026-03-06T11:00:00Z' }, noon).until).toBeNull();
  });
});

describe('by stock', () => {
  const variations = ['S', 'M', 'L'].map((name) => ({ itemId: idOf('pizza'), variationId: idOf(name) }));
  const [small, medium] = variations;

  test('something can be sold when nothing that it needs has run out', () => {
    const wanted = wantedByStock(subject.locationId, variations.slice(0, 2), [
      ...variations.slice(1),
      ...variations.slice(1),
    ]);
    expect(wanted).toEqual([
      { ...subject, variationId: small?.variationId, reason: 'stock', available: true, until: null },
      { ...subject, variationId: medium?.variationId, reason: 'stock', available: false, until: null },
    ]);
  });

  test('in whatever order the news of several stock items arrive, the end is the same', () => {
    const levels = ['flour', 'cheese', 'ham'];
    const news = fc.array(
      fc.record({ level: fc.constantFrom(...levels), affected: fc.subarray(variations, { minLength: 1 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(news, fc.infiniteStream(fc.nat()), (told, choices) => {
        // Of one level in order, depleted and replenished by turns; of several in any.
        const queues = levels.map((level) =>
          told.filter((one) => one.level === level).map((one, n) => ({ ...one, depleted: n % 2 === 0 })),
        );
        const last = new Map(queues.flatMap((queue) => queue.slice(-1)).map((one) => [one.level, one]));
        const known = new Map<string, (typeof queues)[number][number]>();
        const off = new Set<string>();
        for (;;) {
          const open = queues.filter((queue) => queue.length > 0);
          const next = open[(choices.next().value ?? 0) % Math.max(1, open.length)]?.shift();
          if (!next) break;
          const before = known.get(next.level)?.affected ?? [];
          known.set(next.level, next);
          const depleted = [...known.values()].flatMap((one) => (one.depleted ? one.affected : []));
          for (const { variationId, available } of wantedByStock(
            subject.locationId,
            [...before, ...next.affected],
            depleted,
          ))
            if (available) off.delete(variationId ?? '');
            else off.add(variationId ?? '');
        }
        const gone = [...last.values()].flatMap((one) => (one.depleted ? one.affected : []));
        expect(off).toEqual(new Set(gone.map(({ variationId }) => variationId)));
      }),
    );
  });
});
