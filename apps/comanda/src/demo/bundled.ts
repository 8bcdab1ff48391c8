import { fileURLToPath } from 'node:url';

const file = (name: string): string =>
  fileURLToPath(new URL(import.meta.resolve(`@comanda/comanda/data/pizza-place/${name}`)));

/** The year that comes with the project: see data/pizza-place/ORIGIN.md. */
export const bundled = {
  get orders(): string {
    return file('orders.csv');
  },
  get items(): string {
    return file('items.csv');
  },
};
