import { fileURLToPath } from 'node:url';

/** A file of `test-data/exports`. */
export const data = (name: string): string =>
  fileURLToPath(new URL(`../../../test-data/exports/${name}`, import.meta.url));

/** An order as its guests remember it: its number, when it was (UTC), and of each line how many and at how much. */
export type Remembered = readonly [
  number: string,
  at: string,
  ...lines: (readonly [quantity: number, price: number])[],
];

/** What a shop's till exports, and what happened there. */
export interface Export {
  readonly shop: string;
  readonly file: string;
  readonly options: readonly string[];
  readonly currency: string;
  readonly timeZone: string;
  readonly orders: readonly Remembered[];
  /** What is reported of the file. */
  readonly bad: readonly string[];
  /** Orders of which nothing was good. */
  readonly lost: number;
}

/** Four shops that do not exist. The sums are those of their orders: the files are read by nobody here. */
export const exports: readonly Export[] = [
  {
    shop: 'Taquería Lavapiés',
    file: 'taqueria.csv',
    options: ['--map', data('taqueria.mapping.json'), '--items', data('taqueria.items.csv')],
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    orders: [
      ['A-0001', '2024-03-01T12:05:00.000Z', [3, 2_50], [1, 3_20]],
      ['A-0002', '2024-03-01T12:20:00.000Z', [1, 38_00], [2, 2_50]],
      ['A-0003', '2024-03-01T22:50:00.000Z', [3, 6_50]],
      ['A-0004', '2024-03-15T13:00:00.000Z', [5, 2_80], [1, 4_10]],
      ['A-0005', '2024-03-15T13:12:00.000Z', [1, 2_80], [2, 2_20]],
      ['A-0006', '2024-03-16T19:00:00.000Z', [1, 1_250_00], [120, 2_80]],
      ['A-0007', '2024-03-17T11:00:00.000Z', [2, 3_00], [1, 2_40]],
    ],
    bad: [],
    lost: 0,
  },
  {
    shop: 'Café Olé',
    file: 'cafe.tsv',
    options: ['--map', data('cafe.mapping.json')],
    currency: 'CAD',
    timeZone: 'America/Toronto',
    orders: [
      ['1001', '2021-03-14T04:58:00.000Z', [1, 3_25], [2, 0]],
      ['1002', '2021-03-14T07:30:00.000Z', [2, 3_25]],
      ['1003', '2021-03-14T07:10:00.000Z', [1, 2_95]],
      ['1004', '2021-06-01T13:00:00.000Z', [1, 0]],
      ['1005', '2021-06-01T16:00:00.000Z', [1, 2_480_00], [80, 3_25]],
      ['1006', '2021-06-01T16:15:00.000Z', [3, 2_95]],
      ['1008', '2021-06-01T16:25:00.000Z', [1, 1_50]],
      ['1009', '2021-11-07T06:30:00.000Z', [1, 3_40], [1, 4_75]],
      ['1010', '2021-11-07T06:45:00.000Z', [1, 4_75]],
    ],
    bad: [
      '10:Qté: -1 is not above zero',
      '11:Qté: -2 is not above zero',
      '12:Prix: -$1.00 is below zero',
      '17:Jour: is empty',
    ],
    lost: 2,
  },
  {
    shop: 'Kissaten',
    file: 'kissaten.csv',
    options: ['--map', data('kissaten.mapping.json')],
    currency: 'JPY',
    timeZone: 'Asia/Tokyo',
    orders: [
      ['K-1', '2023-04-01T00:05:00.000Z', [1, 480], [1, 350]],
      ['K-2', '2023-04-01T00:20:00.000Z', [2, 520], [2, 350]],
      ['K-3', '2023-04-01T00:30:00.000Z', [1, 1_280]],
      ['K-4', '2023-04-01T01:00:00.000Z', [2, 750]],
      ['K-7', '2023-04-02T00:00:00.000Z', [3, 480]],
      ['K-1', '2023-04-02T00:10:00.000Z', [1, 1_280]],
    ],
    bad: [
      '8:数量: 0 is not above zero',
      '10:日時: "2023/04/31 10:10" is no time written as yyyy/MM/dd H:mm',
      '11:単価: is empty',
      '12:単価: "￥480.50" is no price in JPY',
    ],
    lost: 2,
  },
  {
    shop: 'Diwan',
    file: 'diwan.csv',
    options: ['--map', data('diwan.mapping.json')],
    currency: 'KWD',
    timeZone: 'Asia/Kuwait',
    orders: [
      ['9001', '2022-11-20T15:30:00.000Z', [2, 3_750], [4, 250]],
      ['9002', '2022-11-20T15:45:00.000Z', [1, 250]],
      ['9003', '2022-11-20T19:10:00.000Z', [1, 1_012_505]],
      ['9005', '2022-11-20T21:10:00.000Z', [2, 275]],
    ],
    bad: ['6:unit_price: "0.2505" is no price in KWD'],
    lost: 1,
  },
];
