import type { OrderLine, Ticket } from '@comanda/contracts';

/** Where lines go whose item has no station. */
const EVERYWHERE_ELSE = 'kitchen';

/** What the kitchen is told about lines: a ticket for each station and course, in the order of the lines. */
export function ticketsOf(kind: Ticket['kind'], lines: readonly OrderLine[]): Ticket[] {
  const tickets = new Map<string, Ticket>();
  for (const { id, station = EVERYWHERE_ELSE, course = null } of lines) {
    const key = JSON.stringify([station, course]);
    const ticket = tickets.get(key);
    if (ticket) ticket.lineIds.push(id);
    else tickets.set(key, { kind, station, course, lineIds: [id] });
  }
  return [...tickets.values()];
}
