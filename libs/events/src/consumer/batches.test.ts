import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchesOf, type EventHandler } from './consumer.js';

const handlerOf = (name: string): EventHandler & { name: string } => ({
  name,
  definitions: [],
  handle: () => Promise.resolve(),
});
const [kitchen, cashier] = [handlerOf('kitchen'), handlerOf('cashier')];

/** Events as `kitchen:table 1`, and what each handler gets, call by call. */
function given(...events: string[]): string[][] {
  const due = events.map((id) => {
    const [name, subject = ''] = id.split(':');
    return { handler: name === 'kitchen' ? kitchen : cashier, event: { id, subject } };
  });
  return batchesOf(due).map(({ together }) => together.map(({ id }) => id));
}

test('a handler gets all that is due to it at once', () => {
  expect(given('kitchen:1', 'cashier:2', 'kitchen:3', 'cashier:2', 'kitchen:1')).toEqual([
    ['kitchen:1', 'kitchen:3', 'kitchen:1'],
    ['cashier:2', 'cashier:2'],
  ]);
});

test('what follows on the same subject waits for the other handler', () => {
  expect(given('kitchen:1', 'kitchen:2', 'cashier:1', 'kitchen:3')).toEqual([
    ['kitchen:1', 'kitchen:2'],
    ['cashier:1'],
    ['kitchen:3'],
  ]);
});

test('however events come, each is handled once, and those of a subject in their order', () => {
  const events = fc.array(fc.tuple(fc.constantFrom('kitchen', 'cashier'), fc.integer({ min: 1, max: 4 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(events, (made) => {
      const names = made.map(([name, subject], at) => `${name}:${subject}:${at}`);
      const handled = given(...names).flat();
      expect(handled.toSorted()).toEqual(names.toSorted());
      for (const subject of ['1', '2', '3', '4']) {
        const of = (list: string[]): string[] => list.filter((name) => name.split(':')[1] === subject);
        expect(of(handled)).toEqual(of(names));
      }
    }),
  );
});
