import type { Customer } from '@comanda/contracts';

/** What says who a customer is: all of it is sealed together. */
export type Particulars = Pick<Customer, 'phone' | 'email' | 'birthday' | 'language' | 'consents'> & { name: string };

/** What of it somebody gives: what is left out stays. */
export type GivenParticulars = Omit<Particulars, 'consents'> & { consents: string[] };

/** Nobody yet: what a new customer starts from. */
export const NOBODY: Particulars = { name: '', phone: null, email: null, birthday: null, language: null, consents: [] };

/** Takes what is given into what is known. A consent that was there already keeps its date. */
export function amend(known: Particulars, given: Partial<GivenParticulars>, now: Date): Particulars {
  const { consents, ...rest } = given;
  if (!consents) return { ...known, ...rest };
  const agreed = [...new Set(consents)].map(
    (purpose) => known.consents.find((consent) => consent.purpose === purpose) ?? { purpose, since: now.toISOString() },
  );
  return { ...known, ...rest, consents: agreed };
}

/** Which fields differ: what events say, since they must not say what the fields hold. */
export const changedFields = (before: Particulars, after: Particulars): string[] =>
  Object.keys(NOBODY).filter(
    (field) => JSON.stringify(before[field as keyof Particulars]) !== JSON.stringify(after[field as keyof Particulars]),
  );
