import { describe, expect, test } from 'vitest';
import { amend, changedFields, NOBODY } from './particulars.js';

const [monday, friday] = [new Date('2026-03-02T12:00:00Z'), new Date('2026-03-06T12:00:00Z')];
const ada = amend(NOBODY, { name: 'Ada', phone: '555 0100', consents: ['newsletter', 'newsletter'] }, monday);
const said = (purpose: string, given: boolean, at: Date, source = 'api') => ({
  purpose,
  given,
  at: at.toISOString(),
  source,
});

describe('what is known of a customer', () => {
  test('begins with what was given', () => {
    expect(ada).toEqual({
      name: 'Ada',
      phone: '555 0100',
      email: null,
      birthday: null,
      language: null,
      consents: [{ purpose: 'newsletter', since: monday.toISOString() }],
      consentHistory: [said('newsletter', true, monday)],
    });
  });

  test('stays where nothing is given', () => {
    expect(amend(ada, { phone: null, language: 'it' }, friday)).toEqual({ ...ada, phone: null, language: 'it' });
  });

  test('says which of it changed', () => {
    expect(changedFields(NOBODY, ada)).toEqual(['name', 'phone', 'consents']);
    expect(changedFields(ada, amend(ada, { name: 'Ada', phone: null, consents: [] }, friday))).toEqual([
      'phone',
      'consents',
    ]);
    expect(changedFields(ada, amend(ada, { consents: ['newsletter'] }, friday))).toEqual([]);
  });

  test('keeps the date of a consent, dates a new one, and forgets one that was withdrawn', () => {
    const both = amend(ada, { consents: ['newsletter', 'birthday_treat'] }, friday);
    expect(both.consents).toEqual([
      { purpose: 'newsletter', since: monday.toISOString() },
      { purpose: 'birthday_treat', since: friday.toISOString() },
    ]);
    expect(amend(both, { consents: ['birthday_treat'] }, friday).consents).toEqual([both.consents[1]]);
  });

  test('remembers what was agreed to and withdrawn, when and where', () => {
    const swapped = amend(ada, { consents: ['birthday_treat'], consentSource: 'till' }, friday);
    expect(swapped.consentHistory).toEqual([
      said('newsletter', true, monday),
      said('newsletter', false, friday, 'till'),
      said('birthday_treat', true, friday, 'till'),
    ]);
    expect(amend(swapped, { consents: ['birthday_treat'] }, friday).consentHistory).toEqual(swapped.consentHistory);
  });
});
