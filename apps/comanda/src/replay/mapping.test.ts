import { describe, expect, test } from 'vitest';
import { mappingIn, readMapping } from './mapping.js';

const map = (mapping: object) => readMapping(JSON.stringify(mapping), 'till.json');

describe('what a mapping does not say', () => {
  test('is as in the bundled history', () => {
    expect(readMapping(undefined)).toEqual({
      columns: {
        order: 'id',
        item: 'name',
        variation: 'size',
        category: 'type',
        quantity: 'quantity',
        price: 'price',
      },
      assumed: new Set(['size', 'type', 'quantity']),
      when: [
        { column: 'date', format: 'yyyy-MM-dd' },
        { column: 'time', format: 'HH:mm:ss' },
      ],
      locale: 'en',
      delimiter: ',',
      decimal: '.',
      encoding: 'utf-8',
    });
    expect(map({})).toEqual(readMapping(undefined));
  });

  test('an export that names its columns has no others, save one of quantities where there is one', () => {
    const { columns, assumed } = map({ columns: { order: 'invoice', item: 'dish' } });
    expect(columns).toEqual({ order: 'invoice', item: 'dish', price: 'price', quantity: 'quantity' });
    expect(assumed).toEqual(new Set(['quantity']));
  });

  test('a column of quantities that is named must be there', () => {
    expect(map({ columns: { quantity: 'qty' } })).toMatchObject({ columns: { quantity: 'qty' }, assumed: new Set() });
  });
});

test('one column may say the day and the time', () => {
  const { when } = map({ columns: { dateTime: 'Order Date' }, dateTimeFormat: 'dd/MM/yy HH:mm' });
  expect(when).toEqual([{ column: 'Order Date', format: 'dd/MM/yy HH:mm' }]);
});

test('the example of the command’s help is a mapping', () => {
  const example = `{ "columns": { "order": "invoice", "dateTime": "Order Date", "item": "description",
    "quantity": "Quantity", "price": "Product Price" },
    "dateTimeFormat": "dd/MM/yy HH:mm", "delimiter": ",", "decimal": ".", "encoding": "utf-8" }`;
  expect(readMapping(example).columns).toMatchObject({ order: 'invoice', price: 'Product Price' });
});

test('a mark that editors put before JSON is passed over', () => {
  expect(readMapping('\ufeff{"decimal":","}').decimal).toBe(',');
});

describe('a mapping that cannot be meant is refused with the place that is wrong', () => {
  test.each<[sentence: string, mapping: object]>([
    ['colums', { colums: {} }],
    ['columns: Unrecognized key: "guest"', { columns: { guest: 'name' } }],
    ['columns.item', { columns: { item: '' } }],
    ['columns.item', { columns: { item: 3 } }],
    ['decimal', { decimal: ';' }],
    ['delimiter', { delimiter: 'tab' }],
    ['delimiter', { delimiter: '\\t' }],
    ['delimiter', { delimiter: '"' }],
    ['delimiter', { delimiter: ' ' }],
    ['delimiter', { delimiter: '' }],
    ['encoding: there is no encoding "ansi"', { encoding: 'ansi' }],
    ['dateTimeFormat: must be given', { columns: { dateTime: 'when' } }],
    ['dateTimeFormat: is the format of the column dateTime', { dateTimeFormat: 'dd/MM/yy HH:mm' }],
    ['either dateTime, or date and time', { columns: { dateTime: 'a', date: 'b' }, dateTimeFormat: 'd/M/yy H:mm' }],
    ['either dateTime, or date and time', { columns: { dateTime: 'a' }, dateTimeFormat: 'd/M/yy', timeFormat: 'H' }],
    ['"DD/MM/YYYY ', { dateFormat: 'DD/MM/YYYY' }],
    ['without AM and PM', { timeFormat: 'h:mm' }],
    ['cannot be used', { locale: 'no_SUCH' }],
  ])('%s', (sentence, mapping) => {
    expect(() => map(mapping)).toThrow(
      expect.objectContaining({ name: 'CommandFailure', message: expect.stringContaining(sentence) }),
    );
    expect(() => map(mapping)).toThrow(/^till\.json: /);
  });

  test.each(['', 'columns: {}', '[]', 'null', '"a"'])('%j is no mapping', (text) => {
    expect(() => readMapping(text, 'till.json')).toThrow(expect.objectContaining({ name: 'CommandFailure' }));
  });
});

describe('a mapping file', () => {
  const text = '{"columns":{"quantity":"Quantità"}}';

  test('is read as editors save it', () => {
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')])
      expect(mappingIn(bytes, 'till.json').columns.quantity).toBe('Quantità');
  });

  test('in another encoding is refused before a column is missed', () => {
    expect(() => mappingIn(Buffer.from(text, 'latin1'), 'till.json')).toThrow(
      'till.json is not in utf-8: save it as UTF-8.',
    );
  });
});
