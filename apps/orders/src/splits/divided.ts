import type { AppliedTax, CheckShare, Totals } from '@comanda/contracts';
import { money, type Money } from '@comanda/money';
import { type Divisible, divideOver, type Division, type Share, type SplitPlan } from '@comanda/pricing';
import { collected, NOTHING_PAID } from '../checks/settlement.js';
import type { CheckFacts, KeptOrder } from '../orders/order.js';

/** Which checks an order is divided over, in the order of the plan; more of them are those that were paid before. */
export interface Split {
  readonly checks: readonly string[];
  readonly plan: SplitPlan;
}

/**
 * Brings the checks of a split order up to its lines, which are all on the first of them: when they come to something
 * else than before, it is divided again, and checks on which something has been paid stay as they are.
 */
export function divided(
  before: KeptOrder,
  checks: readonly CheckFacts[],
  split: Split | undefined,
): readonly CheckFacts[] {
  if (!split) return checks;
  const [then, now] = [cartOf(before.facts.checks), cartOf(checks)];
  if (JSON.stringify(then) === JSON.stringify(now)) return withSharesOf(before.facts.checks, checks);
  const paid = (id: string) => collected(before.settlements[id] ?? NOTHING_PAID) > 0;
  const kept = new Map(before.facts.checks.filter(({ id }) => paid(id)).map((check) => [check.id, shareOf(check)]));
  return divideChecks(checks, split, kept, then);
}

/** Divides what is on the first check over the checks of a split; those that keep a share stay at it. */
export function divideChecks(
  checks: readonly CheckFacts[],
  split: Split,
  kept: ReadonlyMap<string, Share>,
  before?: Divisible,
): CheckFacts[] {
  const shares = divideOver(
    cartOf(checks),
    split.plan,
    split.checks.map((id) => kept.get(id) ?? null),
    before,
  );
  const byCheck = new Map(split.checks.map((id, at) => [id, shares[at]]));
  const taxes = taxesOf(checks);
  return checks.map((check) => {
    const share = byCheck.get(check.id);
    return share ? { ...check, ...paying(share, taxes, check.totals.total.currency) } : check;
  });
}

/** Everything that was ordered, as pricing divides it. */
export function cartOf(checks: readonly CheckFacts[]): Divisible {
  const lines = checks.flatMap((check) => check.lines).filter(({ status }) => status !== 'voided');
  const charges = checks.flatMap((check) => check.charges);
  const taxed = [...lines, ...charges].flatMap(({ taxes }) => taxes);
  const net = sum(lines.map((line) => line.net));
  const serviceCharge = sum(charges.map(({ amount }) => amount));
  const tax = sum(taxed.map(({ amount }) => amount));
  return {
    lines: lines.map((line) => ({
      id: line.id,
      quantity: line.quantity,
      seat: line.seat,
      gross: line.gross.amount,
      discount: sum(line.discounts.map(({ amount }) => amount)),
      net: line.net.amount,
      taxes: line.taxes.map(toPriced),
      total: line.total.amount,
    })),
    serviceCharges: charges.map(({ taxes }) => ({ taxes: taxes.map(toPriced) })),
    taxes: [...new Set(taxed.map(nameOf))].map((id) => ({
      id,
      base: 0,
      amount: sum(taxed.filter((each) => nameOf(each) === id).map(({ amount }) => amount)),
    })),
    totals: {
      gross: sum(lines.map((line) => line.gross)),
      discount: sum(lines.flatMap(({ discounts }) => discounts.map(({ amount }) => amount))),
      net,
      serviceCharge,
      tax,
      total: net + serviceCharge + tax,
    },
  };
}

/** What a check comes to, as pricing divides it. */
export function shareOf({ totals, taxes = [] }: CheckFacts): Share {
  const { gross, discount, net, serviceCharge, tax, total } = totals;
  return {
    gross: gross.amount,
    discount: discount.amount,
    net: net.amount,
    serviceCharge: serviceCharge.amount,
    tax: tax.amount,
    total: total.amount,
    taxes: taxes.map(toPriced),
  };
}

function paying(share: Division, taxes: readonly AppliedTax[], currency: string) {
  const of = (amount: number): Money => money(amount, currency);
  const totals: Totals = {
    gross: of(share.gross),
    discount: of(share.discount),
    net: of(share.net),
    serviceCharge: of(share.serviceCharge),
    tax: of(share.tax),
    total: of(share.total),
  };
  const shares: CheckShare[] = share.of.map((part) => ({ ...part, amount: of(part.amount) }));
  const own = new Map(share.taxes.map(({ id, amount }) => [id, amount]));
  const applied = taxes.flatMap((tax) => {
    const amount = own.get(nameOf(tax)) ?? 0;
    return amount === 0 ? [] : { ...tax, amount: of(amount) };
  });
  return { totals, shares, taxes: applied };
}

/** Every tax there is on the checks, once; a rate that changed between two menus is a tax of its own. */
export function taxesOf(checks: readonly CheckFacts[]): AppliedTax[] {
  const all = checks.flatMap(({ lines, charges, taxes = [] }) => [
    ...[...lines, ...charges].flatMap((taxed) => taxed.taxes),
    ...taxes,
  ]);
  return [...new Map(all.map((tax) => [nameOf(tax), tax])).values()];
}

function withSharesOf(before: readonly CheckFacts[], checks: readonly CheckFacts[]): CheckFacts[] {
  const known = new Map(before.map((check) => [check.id, check]));
  return checks.map((check) => ({ ...check, totals: known.get(check.id)?.totals ?? check.totals }));
}

/** What pricing knows a tax by. */
export const nameOf = ({ taxId, rate, inclusive }: AppliedTax): string => `${taxId} ${rate} ${inclusive}`;

const toPriced = (tax: AppliedTax) => ({ id: nameOf(tax), base: 0, amount: tax.amount.amount });

const sum = (amounts: readonly Money[]): number => amounts.reduce((total, { amount }) => total + amount, 0);
