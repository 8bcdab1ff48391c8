import { z } from 'zod';
import { Id, Instant, Line, Version } from '../primitives.js';
import { draftCollection } from './collection.js';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Hours of some days of the week, by the clock on the location's wall. */
export const TimeWindow = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
    from: wallTime.meta({ description: 'The first minute, HH:MM.' }),
    to: wallTime.meta({
      description: 'The first minute after it, HH:MM. Not later than `from`: of the next day, as in 22:00 to 02:00.',
    }),
  })
  .meta({ id: 'TimeWindow', examples: [{ days: ['saturday', 'sunday'], from: '07:00', to: '11:00' }] });
export type TimeWindow = z.infer<typeof TimeWindow>;

const scheduleFields = {
  name: Line(100),
  windows: z.array(TimeWindow).min(1).max(50).meta({ description: 'It is time within any of them.' }),
};

/**
 * Times of the week, such as breakfast or happy hour. Each location reads them on its own clock: an hour that is skipped
 * in spring does not come, one that comes twice in autumn counts twice.
 */
export const Schedule = z
  .object({ id: Id, ...scheduleFields, version: Version, createdAt: Instant, updatedAt: Instant })
  .meta({ id: 'Schedule' });
export type Schedule = z.infer<typeof Schedule>;

export const Schedules = draftCollection({
  name: 'Schedule',
  plural: 'Schedules',
  noun: { one: 'a schedule', many: 'schedules' },
  path: 'schedules',
  resource: Schedule,
  new: z.strictObject({ id: Id.optional(), ...scheduleFields }).meta({ id: 'NewSchedule' }),
  change: z
    .strictObject({ ...scheduleFields, version: Version })
    .partial()
    .meta({ id: 'ScheduleChange' }),
  example: { name: 'Breakfast', windows: [{ days: [...WEEKDAYS], from: '07:00', to: '11:00' }] },
});
