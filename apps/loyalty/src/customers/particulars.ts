import type { ConsentEvent, Customer } from '@comanda/contracts';

/** What says who a customer is: all of it is sealed together. */
export type Particulars = Pick<Customer, 'phone' | 'email' | 'birthday' | 'language' | 'consents'> & {
  name: string;
  /** Everything they agreed to and withdrew, oldest first. */
  consentHistory: ConsentEvent[];
};

/** What of it somebody gives: what is left out stays. */
export type GivenParticulars = Omit<Particulars, 'consents' | 'consentHistory'> & {
  consents: string[];
  /** Where it was said. */
  consentSource: string;
};

/** Nobody yet: what a new customer starts from. */
export const NOBODY: Particulars = {
  name: '',
  phone: null,
  email: null,
  birthday: null,
  language: null,
  consents: [],
  consentHistory: [],
};

/** Takes what is given into what is known. A consent that was there already keeps its date; history says the rest. */
export function amend(known: Particulars, given: Partial<GivenParticulars>, now: Date): Particulars {
  const { consents, consentSource: source = 'api', ...rest } = given;
  if (!consents) return { ...known, ...rest };
  const agreed = [...new Set(consents)].map(
    (purpose) => known.consents.find((consent) => consent.purpose === purpose) ?? { purpose, since: now.toISOString() },
  );
  const at = now.toISOString();
  const said = (isGiven: boolean, here: Particulars['consents'], there: Particulars['consents']): ConsentEvent[] =>
    here
      .filter(({ purpose }) => !there.some((other) => other.purpose === purpose))
      .map(({ purpose }) => ({ purpose, given: isGiven, at, source }));
  const news = [...said(false, known.consents, agreed), ...said(true, agreed, known.consents)];
  return { ...known, ...rest, consents: agreed, consentHistory: [...known.consentHistory, ...news] };
}

/** What everybody who may read a customer is shown. */
export function shownOf({ consentHistory: _, ...shown }: Particulars): Omit<Particulars, 'consentHistory'> {
  return shown;
}

/** Which fields differ: what events say, since they must not say what the fields hold. */
export const changedFields = (before: Particulars, after: Particulars): string[] =>
  Object.keys(shownOf(NOBODY)).filter(
    (field) => JSON.stringify(before[field as keyof Particulars]) !== JSON.stringify(after[field as keyof Particulars]),
  );
