// Makes the tables and 200 dishes with stock enough, a tax, a way to ship and a way to pay; then builds the search index.
process.env.FIRST_START = 'yes';
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { bootstrap, JobQueueService } = require('@vendure/core');
const { populate } = require('@vendure/core/cli');
const { config } = require('./config');

const DISHES = 200;
const COLUMNS =
  'name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,trackInventory,variantAssets,variantFacets';

const permissions = ['Catalog', 'Settings', 'Customer', 'Order', 'System'].flatMap((what) =>
  ['Create', 'Read', 'Update', 'Delete'].map((right) => right + what),
);
const shop = {
  defaultLanguage: 'en',
  defaultZone: 'Europe',
  roles: [{ code: 'administrator', description: 'administrator', permissions }],
  taxRates: [{ name: 'Standard Tax', percentage: 20 }],
  shippingMethods: [{ name: 'Standard Shipping', price: 0 }],
  paymentMethods: [
    {
      name: 'Cash',
      handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
    },
  ],
  collections: [],
  countries: [{ name: 'United Kingdom', code: 'GB', zone: 'Europe' }],
};

const dish = (number) =>
  `Dish ${number},dish-${number},"A tasty dish number ${number}, served with seasonal sides and a house sauce.",,` +
  `category:Cat ${number % 10},,,SKU${number},${5 + (number % 20)}.50,standard,1000000,true,,`;

async function main() {
  const file = join(__dirname, 'products.csv');
  writeFileSync(file, [COLUMNS, ...Array.from({ length: DISHES }, (_, index) => dish(index + 1)), ''].join('\n'));
  const app = await populate(() => bootstrap(config), shop, file);
  await app.get(JobQueueService).start();
  // The queue has no end to wait for: indexing two hundred dishes takes a few seconds.
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  await app.close();
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
