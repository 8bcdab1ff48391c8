import type { Invariant } from './invariant.js';

export const pointsAreTheirEntries: Invariant = {
  id: 'I8',
  promise: 'A customer’s points are the sum of their entries.',
  async examine({ query }) {
    const customers = await query<{ id: string; points: number; entries: number }>(
      'loyalty',
      `select c.id, c.points, coalesce(sum(e.points), 0)::bigint as entries
       from customers c left join points_entries e on e.organization_id = c.organization_id and e.customer_id = c.id
       group by c.organization_id, c.id, c.points`,
    );
    return {
      examined: customers.length,
      violations: customers
        .filter(({ points, entries }) => points !== entries)
        .map(({ id, points, entries }) => `Customer ${id} has ${points} points and entries of ${entries}.`),
    };
  },
};
