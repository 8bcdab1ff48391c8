import type { Menu } from '@comanda/contracts';
import type { Draft, Report } from './draft.js';

/**
 * The schedules that anything of these is sold by, in the order of their ids. One that does not exist is reported: what
 * it governs would else be sold at all times, or never.
 */
export function schedulesNamed(
  { schedules }: Pick<Draft, 'schedules'>,
  items: Menu['items'],
  report: Report,
): NonNullable<Menu['schedules']> {
  const drafted = new Map(schedules.map((schedule) => [schedule.id, schedule]));
  const named = new Set<string>();
  for (const { id, scheduleId, variations } of items)
    for (const wanted of [
      ...(scheduleId ? [scheduleId] : []),
      ...variations.flatMap(({ timedPrices = [] }) => timedPrices.map((timed) => timed.scheduleId)),
    ])
      if (drafted.has(wanted)) named.add(wanted);
      else report(['items', id], 'It goes by a schedule that does not exist.');
  return [...named].toSorted().flatMap((id) => {
    const schedule = drafted.get(id);
    return schedule ? [{ id, name: schedule.name, windows: schedule.windows }] : [];
  });
}
