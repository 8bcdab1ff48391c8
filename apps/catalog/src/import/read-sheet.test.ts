import { ImportCatalog } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { readSheet, type SheetFormat } from './read-sheet.js';

const format = (query: object = {}): SheetFormat => ImportCatalog.query.parse(query);
const read = (text: string | Buffer, query: object = {}) => readSheet(Buffer.from(text), format(query));
const rowsOf = (text: string | Buffer, query: object = {}) => {
  const { rows, faults } = read(text, query);
  expect(faults).toEqual([]);
  return rows;
};
const faultsOf = (text: string | Buffer, query: object = {}) =>
  read(text, query).faults.map(({ pointer, detail }) => `${pointer}: ${detail}`);

describe('a line', () => {
  test('is a price of a variation', () => {
    expect(rowsOf('sku,item,category,variation,price,currency\nhawaiian-m,Hawaiian,Classic,M,13.25,USD\n')).toEqual([
      {
        line: 2,
        id: null,
        sku: 'hawaiian-m',
        item: 'Hawaiian',
        category: 'Classic',
        variation: 'M',
        amount: 13_25,
        currency: 'USD',
      },
    ]);
  });

  test('needs item and price alone where the currency is given', () => {
    expect(rowsOf('price,item\n3,Water', { currency: 'JPY' })).toEqual([
      { line: 2, id: null, sku: null, item: 'Water', category: null, variation: null, amount: 3, currency: 'JPY' },
    ]);
  });

  test('may hold delimiters, quotes and line breaks in quotes', () => {
    const [row] = rowsOf('item,price\n"Pizza ""Speciale"", 12""\nthin",12.50', { currency: 'EUR' });
    expect(row).toMatchObject({ line: 3, item: 'Pizza "Speciale", 12" thin' });
  });

  test('with nothing in it is passed over, and counts in the numbers of the lines after it', () => {
    expect(rowsOf('item,price\n\n,\n \nWater,1\n', { currency: 'EUR' })).toMatchObject([{ line: 5, item: 'Water' }]);
  });

  test('is the same whatever ends it, and however the others end', () => {
    for (const [one, other] of [
      ['\n', '\n'],
      ['\r\n', '\r\n'],
      ['\r', '\r'],
      ['\r\n', '\n'],
      ['\n', '\r\n'],
    ])
      expect(rowsOf(`item,price${one}Water,1${other}Wine,2${one}`, { currency: 'EUR' })).toMatchObject([
        { line: 2, amount: 1_00 },
        { line: 3, amount: 2_00 },
      ]);
  });
});

describe('a column', () => {
  test('is found by its name, in any order and any case, among others', () => {
    const text = 'Shelf,PRICE,Item , currency\n7,2.50,Wine,EUR';
    expect(rowsOf(text)).toMatchObject([{ item: 'Wine', amount: 2_50, currency: 'EUR' }]);
  });

  test('may have a name of its own', () => {
    const query = { itemColumn: 'Product Name', priceColumn: 'Prezzo', delimiter: ';', decimal: ',', currency: 'EUR' };
    expect(rowsOf('Product Name;Prezzo\nVino;7,50', query)).toMatchObject([{ item: 'Vino', amount: 7_50 }]);
  });

  test('that is needed and missing, or there twice, is named', () => {
    expect(faultsOf('name,price\nWine,2')).toEqual(['line/1/item: There is no column item among name, price.']);
    expect(faultsOf('item,price\nWine,2')).toEqual(['line/1/currency: There is no column currency among item, price.']);
    expect(faultsOf('item,price,Price,currency\nWine,2,3,EUR')).toEqual([
      'line/1/price: There is more than one column price.',
    ]);
  });
});

describe('a price', () => {
  test.each([
    ['12.50', 'USD', '.', 12_50],
    ['$12.5', 'USD', '.', 12_50],
    ['12 €', 'EUR', '.', 12_00],
    ['€ 12,50', 'EUR', ',', 12_50],
    ['1275', 'JPY', '.', 1275],
    ['1.275', 'KWD', '.', 1_275],
    ['0', 'USD', '.', 0],
    ['16.0000', 'USD', '.', 16_00],
  ])('%s in %s is whole minor units', (price, currency, decimal, amount) => {
    const rows = rowsOf(`item;price\nWine;"${price}"`, { currency, decimal, delimiter: ';' });
    expect(rows).toMatchObject([{ amount, currency }]);
  });

  test.each([
    ['12.505', 'USD', '.', '12.505 is not an amount of USD.'],
    ['1,234.50', 'USD', '.', '1,234.50 is not an amount of USD.'],
    ['1.234,50', 'EUR', ',', '1.234,50 is not an amount of EUR.'],
    ['12.50', 'EUR', ',', '12.50 is not an amount of EUR.'],
    ['1 234', 'EUR', '.', '1 234 is not an amount of EUR.'],
    ['twelve', 'USD', '.', 'twelve is not an amount of USD.'],
    ['1e3', 'USD', '.', '1e3 is not an amount of USD.'],
    ['-1', 'USD', '.', '-1 is less than nothing, or too much.'],
    ['99999999999999', 'JPY', '.', '99999999999999 is less than nothing, or too much.'],
    ['9999999999999999999999', 'JPY', '.', '9999999999999999999999 is not an amount of JPY.'],
    ['', 'USD', '.', 'Is missing.'],
  ])('%s in %s is refused', (price, currency, decimal, detail) => {
    const text = `item;price\nWine;${price}`;
    expect(faultsOf(text, { currency, decimal, delimiter: ';' })).toEqual([`line/2/price: ${detail}`]);
  });
});

test('everything that is wrong is told, each with its line and column', () => {
  const text = ['item,price,currency,sku', ',x,USD,', `Wine,1,EURO,${'9'.repeat(101)}`, 'Water,,,', 'Beer,3,EUR,'].join(
    '\n',
  );
  expect(faultsOf(text)).toEqual([
    'line/2/item: Is missing.',
    'line/2/price: x is not an amount of USD.',
    'line/3/sku: Is longer than 100 characters.',
    'line/3/currency: EURO is not a currency of ISO 4217.',
    'line/4/currency: Is missing.',
  ]);
  expect(faultsOf('item,price\nWine\u0007,1', { currency: 'EUR' })).toEqual([
    'line/2/item: Holds signs that cannot be printed.',
  ]);
});

describe('an encoding', () => {
  const menu = 'item,price\nCrème brûlée,7\n';

  test('is UTF-8, with or without its mark, or Windows-1252', () => {
    // The euro sign is the byte 0x80 there.
    const windows = Buffer.from(menu.replace('7', '\u00807'), 'latin1');
    for (const [bytes, encoding] of [
      [Buffer.from(menu), 'utf-8'],
      [Buffer.from(`\ufeff${menu}`), 'utf-8'],
      [windows, 'windows-1252'],
    ] as const)
      expect(rowsOf(bytes, { encoding, currency: 'EUR' })).toMatchObject([{ item: 'Crème brûlée', amount: 7_00 }]);
  });

  test('that is another one is told with the first line that shows it', () => {
    expect(faultsOf(Buffer.from(`item,price\nWine,1\n${menu}`, 'latin1'), { currency: 'EUR' })).toEqual([
      'line/4: Is not utf-8; another encoding may be.',
    ]);
  });

  test('writes one name in one way', () => {
    expect(rowsOf('item,price\nCafe\u0301\u00a0 nero,2', { currency: 'EUR' })).toMatchObject([{ item: 'Café nero' }]);
  });
});

test.each([
  ['', 'line/1: The file is empty.'],
  ['item,price\n"Wine,1\n', 'line/2: Quote Not Closed: the parsing is finished with an opening quote at line 2'],
  [`item,price\n${'Wine,1\n'.repeat(50_001)}`, 'line/50002: More than 50000 lines at once.'],
])('a file that is none is refused (%#)', (text, fault) => {
  expect(faultsOf(text, { currency: 'EUR' })).toEqual([fault]);
});
