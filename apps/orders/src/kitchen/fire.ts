import { type OrderLine, OrderChanged, OrderFired } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import { type Change, type KeptOrder, linesOf, nextVersion } from '../orders/order.js';
import { lineAfter, orderAfter } from '../orders/transitions.js';
import { ticketsOf } from './tickets.js';

/** Lines by themselves, or by their course. */
export interface NamedLines {
  readonly courses?: readonly string[] | undefined;
  readonly lineIds?: readonly string[] | undefined;
}

/**
 * Sends to the kitchen what has not been sent yet: what is named, held or not; with no names all that is not held. Once
 * more changes nothing. The event's tickets are of the lines that it sends, and of no others.
 * @throws Refusal `order_state`; `not_found` for a line or course the order does not have; `station_missing` where the
 *   location asks for stations and a line would go nowhere
 */
export function fire(
  order: KeptOrder,
  named: NamedLines = {},
  { stations }: { stations: 'optional' | 'required' } = { stations: 'optional' },
): Change | undefined {
  const status = orderAfter(order.facts.status, 'fire');
  const asked = isNothing(named) ? linesOf(order.facts).filter(({ held }) => !held) : linesNamed(order, named);
  const sent = asked.filter((line) => line.status !== lineAfter(line.status, 'fire'));
  if (sent.length === 0) return undefined;
  if (stations === 'required') requireStations(sent);
  const after = nextVersion(order, { facts: { status }, checks: withLines(order, sent, toFired) });
  const facts = { ...after.facts, tickets: ticketsOf('make', sent) };
  return { order: after, told: [{ event: OrderFired, facts }] };
}

/**
 * Keeps lines from being sent until they are named. Once more changes nothing.
 * @throws Refusal `order_state`, `not_found`; `line_state` for what the kitchen has already
 */
export function hold(order: KeptOrder, named: NamedLines): Change | undefined {
  const status = orderAfter(order.facts.status, 'amend');
  const asked = linesNamed(order, named).filter((line) => line.status !== 'voided');
  const sent = asked.find((line) => line.status !== 'placed');
  if (sent) throw new Refusal('line_state', 'The kitchen has this already.', { lineId: sent.id, status: sent.status });
  const loose = asked.filter(({ held }) => !held);
  if (loose.length === 0) return undefined;
  const checks = withLines(order, loose, (line) => ({ ...line, held: true }));
  const after = nextVersion(order, { facts: { status }, checks });
  return { order: after, told: [{ event: OrderChanged, facts: after.facts }] };
}

function toFired({ held: _, ...line }: OrderLine): OrderLine {
  return { ...line, status: lineAfter(line.status, 'fire') };
}

const withLines = ({ facts }: KeptOrder, lines: readonly OrderLine[], become: (line: OrderLine) => OrderLine) =>
  facts.checks.map((check) => ({
    ...check,
    lines: check.lines.map((line) => (lines.includes(line) ? become(line) : line)),
  }));

const isNothing = ({ courses, lineIds }: NamedLines): boolean => courses === undefined && lineIds === undefined;

/** @throws Refusal `not_found` */
function linesNamed({ facts }: KeptOrder, { courses = [], lineIds = [] }: NamedLines): OrderLine[] {
  const lines = linesOf(facts);
  const missing =
    courses.find((name) => !lines.some(({ course }) => course === name)) ??
    lineIds.find((name) => !lines.some(({ id }) => id === name));
  if (missing !== undefined) throw new Refusal('not_found', 'The order has no such line or course.', { missing });
  return lines.filter(({ id, course }) => lineIds.includes(id) || (course !== undefined && courses.includes(course)));
}

/** @throws Refusal `station_missing` */
function requireStations(lines: readonly OrderLine[]): void {
  const lost = lines.filter(({ station }) => station === undefined);
  if (lost.length === 0) return;
  throw new Refusal('station_missing', 'Something has no station: nobody in the kitchen would see it.', {
    lines: lost.map(({ id, itemId }) => ({ id, itemId })),
  });
}
