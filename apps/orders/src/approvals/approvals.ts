import { LocationPolicies, type RoleLimit, type StaffRole } from '@comanda/contracts';
import { share } from '@comanda/money';
import { given, Refusal } from '@comanda/platform';
import type { Discount, GrantedBy } from '../checks/discounts.js';

/** Somebody who works at the location. */
export interface Person {
  readonly id: string;
  readonly role: string;
}

/** Whose hands do something, and who stands by it. With no `staff` the credential acts for the chain. */
export interface Hands {
  readonly staff?: Person | undefined;
  readonly approver?: Person | undefined;
}

/** Whose hands, and what the location lets them do. */
export interface Authority {
  readonly hands: Hands;
  readonly policies: LocationPolicies;
}

/** A location that has said nothing of how it is run is run so. */
export function policiesOf({ policies }: { policies: LocationPolicies | null }): LocationPolicies {
  if (policies === null) return USUAL;
  const known = parsed.get(policies);
  if (known) return known;
  const all = LocationPolicies.parse(policies);
  parsed.set(policies, all);
  return all;
}

const USUAL = LocationPolicies.parse({});
/** Locations are remembered for a moment, and asked with every order. */
const parsed = new WeakMap<object, LocationPolicies>();

/** A credential by itself, where nothing else was said. */
export const THE_CHAIN: Authority = { hands: {}, policies: USUAL };

/** The ids of whoever is named, as they are kept with what was done. */
export const namesOf = ({ staff, approver }: Hands): GrantedBy =>
  given({ staffId: staff?.id, approverId: approver?.id });

/** What is taken off one line, or off one check. */
export interface Reduction {
  /** What it is taken off, in minor units. */
  readonly gross: number;
  readonly discounts: readonly Discount[];
}

/**
 * What somebody takes off must be within the limits of their role, or of whoever approves it. A limit is on all that was
 * taken off one thing without approval; a fixed amount counts by the share of the price that it takes.
 * @throws Refusal `approval_required`, with what is needed
 */
export function requireWithinLimits(reductions: readonly Reduction[], { hands, policies }: Authority): void {
  if (!hands.staff) return;
  const needed = reductions.flatMap((reduction) => beyond(reduction, limitOf(hands.staff, policies)));
  if (needed.length === 0) return;
  const approver = limitOf(hands.approver, policies);
  if (reductions.every((reduction) => beyond(reduction, approver).length === 0)) return;
  throw approvalRequired('This is more than may be given without approval.', hands, needed);
}

/**
 * What somebody takes back of a paid order is limited as what they take off one is: by its share of the total, and by its
 * amount, together with what they took back before on their own.
 * @throws Refusal `approval_required`
 */
export function requireMayReturn(
  { total, back }: { total: number; back: number },
  { hands, policies }: Authority,
): void {
  if (!hands.staff) return;
  const returned: Discount = { kind: 'fixed', id: '', name: '', amount: back };
  const needed = (person: Person | undefined): Needed[] =>
    beyond({ gross: total, discounts: [returned] }, limitOf(person, policies)).map((each) => ({
      ...each,
      what: 'return',
    }));
  const beyondOwn = needed(hands.staff);
  if (beyondOwn.length === 0 || needed(hands.approver).length === 0) return;
  throw approvalRequired('This is more than may be taken back without approval.', hands, beyondOwn);
}

/**
 * What the kitchen has is voided as the location says: by anyone, or by somebody who may approve it.
 * @throws Refusal `approval_required`
 */
export function requireVoidAllowed(sent: boolean, { hands, policies }: Authority): void {
  if (!sent || policies.voidAfterSend === 'anyone' || mayApprove({ hands, policies })) return;
  throw approvalRequired('The kitchen has this: somebody has to approve that it is voided.', hands, [{ what: 'void' }]);
}

/**
 * A guest is let off a service charge by somebody who may approve, or with their approval.
 * @throws Refusal `approval_required`
 */
export function requireMayWaive({ hands, policies }: Authority): void {
  if (!hands.staff || mayApprove({ hands, policies })) return;
  throw approvalRequired('Somebody has to approve that a service charge is waived.', hands, [{ what: 'waiver' }]);
}

/** Whether somebody who may approve does it, or stands by. */
const mayApprove = ({ hands: { staff, approver }, policies }: Authority): boolean =>
  limitOf(staff, policies).approves || limitOf(approver, policies).approves;

/** What has to be approved. */
interface Needed {
  readonly what: 'discount' | 'comp' | 'void' | 'waiver' | 'return';
  readonly rate?: number;
  readonly amount?: number;
}

const approvalRequired = (sentence: string, { staff, approver }: Hands, needed: readonly Needed[]): Refusal =>
  new Refusal('approval_required', sentence, {
    needed,
    ...(staff && { role: staff.role }),
    ...(approver && { approverRole: approver.role }),
  });

function beyond({ gross, discounts }: Reduction, limit: RoleLimit): Needed[] {
  const comped = discounts.some(({ kind }) => kind === 'comp');
  const rate = discounts.reduce((sum, discount) => sum + rateOf(discount, gross), 0);
  const amount = discounts.reduce((sum, discount) => sum + amountOf(discount, gross), 0);
  const tooMuch = rate > limit.discountRate || amount > (limit.discountAmount ?? Infinity);
  return [
    ...(comped && !limit.comps ? [{ what: 'comp' } as const] : []),
    ...(tooMuch ? [{ what: 'discount', rate, amount } as const] : []),
  ];
}

/** Parts per million of the price. A comp is no discount: it has a right of its own. */
function rateOf(discount: Discount, gross: number): number {
  if (discount.kind === 'comp' || gross <= 0) return 0;
  if (discount.kind === 'percent') return discount.rate;
  const taken = BigInt(Math.min(discount.amount, gross));
  return Number((taken * WHOLE + BigInt(gross) - 1n) / BigInt(gross));
}

function amountOf(discount: Discount, gross: number): number {
  if (discount.kind === 'comp' || gross <= 0) return 0;
  return discount.kind === 'percent' ? share(gross, discount.rate, 'half-up') : Math.min(discount.amount, gross);
}

const WHOLE = 1_000_000n;

function limitOf(person: Person | undefined, { limits }: LocationPolicies): RoleLimit {
  return (person && limits[person.role as StaffRole]) ?? NONE;
}

const NONE: RoleLimit = { discountRate: 0, discountAmount: 0, comps: false, approves: false };
