import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { formatTrouble, localTimeReader } from './local-time.js';

const read = (format: string, text: string, { locale = 'en', timeZone = 'Europe/Rome' } = {}) =>
  localTimeReader({ format, locale }, timeZone)(text);

describe('a time is read as the till writes it', () => {
  test.each([
    ['yyyy-MM-dd HH:mm:ss', '2019-03-01 12:31:05', '2019-03-01 12:31:05'],
    ['yyyy-MM-dd HH:mm:ss', '2019-3-1 9:31:05', '2019-03-01 09:31:05'],
    ['dd/MM/yy HH:mm', '01/03/19 12:31', '2019-03-01 12:31:00'],
    ['dd/MM/yy HH:mm', '1/3/19 9:05', '2019-03-01 09:05:00'],
    ['M/d/yyyy h:mm a', '3/1/2019 12:05 AM', '2019-03-01 00:05:00'],
    ['M/d/yyyy h:mm a', '3/1/2019 12:05 pm', '2019-03-01 12:05:00'],
    ['M/d/yyyy h:mm a', '3/1/2019 1:05 p.m.', '2019-03-01 13:05:00'],
    ['M/d/yyyy h:mm a', ' 3/1/2019  1:05\u202fPM ', '2019-03-01 13:05:00'],
    ['dd-MMM-yy HH:mm', '01-MAR-19 12:31', '2019-03-01 12:31:00'],
    ['EEE d MMMM yyyy, H:mm', 'Fri 1 March 2019, 9:05', '2019-03-01 09:05:00'],
    ['yyyyMMdd HHmmss', '20190301 123105', '2019-03-01 12:31:05'],
    ["yyyy-MM-dd'T'HH:mm:ss", '2019-03-01T12:31:05', '2019-03-01 12:31:05'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2019-03-01T12:31:05.250', '2019-03-01 12:31:05'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSSSSSZZ", '2019-03-01T12:31:05.1234567Z', '2019-03-01 13:31:05'],
    ['yyyy-MM-dd HH:mm:ss.S', '2019-03-01 12:31:05.0', '2019-03-01 12:31:05'],
    ['yyyy-MM-ddTHH:mm:ssXXX', '2019-03-01T12:31:05+01:00', '2019-03-01 12:31:05'],
    ['uuuu-MM-dd HH:mm', '2019-03-01 12:31', '2019-03-01 12:31:00'],
    ['HH:mm dd/MM/yyyy', '12:31 01/03/2019', '2019-03-01 12:31:00'],
    ["yyyy-MM-dd'T'HH:mm:ssZZ", '2019-03-01T12:31:05+00:00', '2019-03-01 13:31:05'],
    ["yyyy-MM-dd'T'HH:mm:ssZZ", '2019-03-01T12:31:05Z', '2019-03-01 13:31:05'],
    ["yyyy-MM-dd'T'HH:mm:ssZZ", '2019-03-01T12:31:05-0500', '2019-03-01 18:31:05'],
    ["yyyy-MM-dd'T'HH:mm:ssZZ", '2019-03-01T12:31:05+01', '2019-03-01 12:31:05'],
    ['yyyy-MM-dd HH:mm:ss ZZZ', '2019-03-01 12:31:05 -05:00', '2019-03-01 18:31:05'],
    ['yyyy-MM-dd HH:mm:ss z', '2019-03-01 12:31:05 UTC', '2019-03-01 13:31:05'],
    ['dd.MM.yyyy', '01.03.2019', '2019-03-01 00:00:00'],
    ['yyyy-MM-dd HH:mm', '2019-02-28 24:00', '2019-03-01 00:00:00'],
  ])('%s: %j', (format, text, local) => {
    const time = read(format, text);
    expect(`${time?.date} ${time?.time}`).toBe(local);
  });

  test.each([
    ['fr', 'd MMM yyyy', '5 févr. 2020', '2020-02-05'],
    ['fr', 'd MMM yyyy', '5 févr 2020', '2020-02-05'],
    ['de', 'd. MMMM yyyy', '5. März 2020', '2020-03-05'],
    ['es', "d 'de' MMMM 'de' yyyy", '5 de marzo de 2020', '2020-03-05'],
    ['en', 'd MMM yyyy', '5 Sept 2020', '2020-09-05'],
    ['en-GB', 'd MMM yyyy', '5 Sep 2020', '2020-09-05'],
    ['de', 'd. MMM yyyy', '5. Mär. 2020', '2020-03-05'],
    ['fr', 'd MMM yyyy', '5 FEV 2020', '2020-02-05'],
    ['fr', 'd MMMM yyyy', '5 aout 2020', '2020-08-05'],
    ['it', 'd MMMM yyyy', '5 Mar 2020', '2020-03-05'],
    ['fr', 'EEE d MMM yyyy', 'mar. 5 mai 2020', '2020-05-05'],
  ])('months in %s: %s, %j', (locale, format, text, date) => {
    expect(read(format, text, { locale })?.date).toBe(date);
  });

  test.each([
    ['es', '1:05 p. m.', '13:05:00'],
    ['es', '1:05 p.m.', '13:05:00'],
    ['es-MX', '1:05 PM', '13:05:00'],
    ['it', '12:05 AM', '00:05:00'],
    ['ko', '오후 1:05', undefined],
    ['en-AU', '1:05 pm', '13:05:00'],
  ])('halves of the day in %s: %j', (locale, text, time) => {
    expect(read('d/M/yyyy h:mm a', `1/3/2019 ${text}`, { locale })?.time).toBe(time);
  });

  test.each([
    ['yyyy-MM-dd HH:mm', ''],
    ['d MMM yyyy', '5 ju 2020'],
    ['d MMM yyyy', '5 Ma 2020'],
    ['d MMM yyyy', '5 Smarch 2020'],
    ['yyyy-MM-dd HH:mm', 'yesterday'],
    ['yyyy-MM-dd HH:mm', '2019-02-30 12:00'],
    ['yyyy-MM-dd HH:mm', '2019-13-01 12:00'],
    ['yyyy-MM-dd HH:mm', '2019-03-01 25:00'],
    ['yyyy-MM-dd HH:mm', '2019-03-01 12:61'],
    ['yyyy-MM-dd HH:mm', '2019-03-01'],
    ['yyyy-MM-dd HH:mm', '2019-03-01 12:00 or so'],
    ['yyyy-MM-dd HH:mm', '19-03-01 12:00'],
    ['yyyy-MM-dd HH:mm', '1899-12-30 12:00'],
    ['dd/MM/yy', '01/03/201'],
    ['EEE d MMM yyyy', 'Mon 1 Mar 2019'],
  ])('%s: %j is no time', (format, text) => {
    expect(read(format, text)).toBeUndefined();
  });
});

describe('times are those of the location’s clock', () => {
  const chicago = { timeZone: 'America/Chicago' };

  test.each([
    ['in winter', '2015-01-01 12:00', '2015-01-01T18:00:00.000Z'],
    ['in summer', '2015-07-01 12:00', '2015-07-01T17:00:00.000Z'],
    ['before the hour that is skipped', '2015-03-08 01:59', '2015-03-08T07:59:00.000Z'],
    ['after it', '2015-03-08 03:00', '2015-03-08T08:00:00.000Z'],
  ])('%s', (_when, text, moment) => {
    expect(read('yyyy-MM-dd HH:mm', text, chicago)?.occurredAt.toISOString()).toBe(moment);
  });

  test('in the hour that is skipped, the till was an hour behind', () => {
    expect(read('yyyy-MM-dd HH:mm', '2015-03-08 02:30', chicago)).toEqual({
      occurredAt: new Date('2015-03-08T08:30:00Z'),
      date: '2015-03-08',
      time: '03:30:00',
    });
  });

  test('in the hour that comes twice, it is one of the two, and always the same', () => {
    const times = Array.from({ length: 3 }, () => read('yyyy-MM-dd HH:mm', '2015-11-01 01:30', chicago));
    expect(new Set(times.map((time) => time?.occurredAt.toISOString())).size).toBe(1);
    expect(['2015-11-01T06:30:00.000Z', '2015-11-01T07:30:00.000Z']).toContain(times[0]?.occurredAt.toISOString());
    expect(times[0]).toMatchObject({ date: '2015-11-01', time: '01:30:00' });
  });

  test('in the hour that comes twice, an offset says which of the two', () => {
    const format = "yyyy-MM-dd'T'HH:mmZZ";
    const moments = ['2015-11-01T01:30-05:00', '2015-11-01T01:30-06:00'].map((text) => read(format, text, chicago));
    expect(moments.map((time) => time?.occurredAt.toISOString())).toEqual([
      '2015-11-01T06:30:00.000Z',
      '2015-11-01T07:30:00.000Z',
    ]);
    expect(moments.map((time) => time?.time)).toEqual(['01:30:00', '01:30:00']);
  });

  test('whatever the zone and the time, the calendar agrees', () => {
    const zones = ['America/Chicago', 'Europe/Rome', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC'];
    const readers = new Map(
      zones.map((zone) => [zone, localTimeReader({ format: 'yyyy-MM-dd HH:mm:ss', locale: 'en' }, zone)]),
    );
    // Four in five within two days of a change of the clock.
    const moments = fc.oneof(
      { weight: 1, arbitrary: fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2030, 0) }) },
      ...[Date.UTC(2015, 2, 8), Date.UTC(2015, 10, 1), Date.UTC(2019, 2, 31), Date.UTC(2019, 9, 5)].map((change) => ({
        weight: 1,
        arbitrary: fc.integer({ min: change - 86_400_000, max: change + 2 * 86_400_000 }),
      })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, (zone, moment) => {
        const local = DateTime.fromMillis(moment - (moment % 1_000), { zone });
        const time = readers.get(zone)?.(local.toFormat('yyyy-MM-dd HH:mm:ss'));
        expect(`${time?.date} ${time?.time}`).toBe(local.toFormat('yyyy-MM-dd HH:mm:ss'));
        const known = local.getPossibleOffsets().map((each) => each.toMillis());
        expect(known).toContain(time?.occurredAt.getTime());
      }),
      { seed: 3, numRuns: 3_000 },
    );
  });
});

describe('a format that cannot be meant is refused before any row is read', () => {
  test.each([
    ['DD/MM/YYYY HH:mm', 'no tokens'],
    ['yyyy-mm-dd HH:MM', 'months and minutes mixed up'],
    ['mm/dd/yyyy HH:mm', 'months and minutes mixed up'],
    ['dd/MM/yyyy HH:MM', 'months and minutes mixed up'],
    ['yyyymmddHHMMss', 'months and minutes mixed up'],
    ['dd/MM HH:mm', 'does not say the day, the month and the year'],
    ['MMM yyyy', 'does not say the day, the month and the year'],
    ['HH:mm', 'does not say the day, the month and the year'],
    ['', 'does not say the day, the month and the year'],
    ['dd/MM/yyyy h:mm', 'without AM and PM'],
    ['dd/MM/yyyy HH:mm a', 'cannot be used'],
  ])('%j', (format, trouble) => {
    expect(formatTrouble({ format, locale: 'en' })).toContain(trouble);
  });

  test('a language that there is not', () => {
    expect(formatTrouble({ format: 'dd/MM/yyyy', locale: 'no_SUCH' })).toContain('cannot be used');
  });

  test.each([
    ['dd/MM/yy HH:mm', 'en'],
    ['M/d/yyyy h:mm a', 'en'],
    ['d MMM yyyy', 'fr'],
    ["yyyy-MM-dd'T'HH:mm:ssZZ", 'en'],
  ])('%j in %s is fine', (format, locale) => {
    expect(formatTrouble({ format, locale })).toBeUndefined();
  });
});
