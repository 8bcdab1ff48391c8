// Makes a store with a region, a tax, stock at a location, a way to ship, a key and 200 dishes; writes what a client needs to ids.json.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { ContainerRegistrationKeys, Modules, ProductStatus } = require('@medusajs/framework/utils');
const flows = require('@medusajs/medusa/core-flows');

const DISHES = 200;
const AT_ONCE = 50;

exports.default = async function seed({ container }) {
  const run = async (workflow, input) => (await workflow(container).run({ input })).result;
  const channel = await channelOf(container, run);
  const [region] = await run(flows.createRegionsWorkflow, {
    regions: [{ name: 'UK', currency_code: 'gbp', countries: ['gb'], payment_providers: ['pp_system_default'] }],
  });
  await run(flows.createTaxRegionsWorkflow, [
    { country_code: 'gb', provider_id: 'tp_system', default_tax_rate: { rate: 20, code: 'STD', name: 'Standard' } },
  ]);
  const [location] = await run(flows.createStockLocationsWorkflow, {
    locations: [{ name: 'Store', address: { city: 'London', country_code: 'GB', address_1: '' } }],
  });
  const { profile, option } = await shippingFrom(container, run, location, region);
  const [key] = await run(flows.createApiKeysWorkflow, {
    api_keys: [{ title: 'bench', type: 'publishable', created_by: '' }],
  });
  await run(flows.linkSalesChannelsToStockLocationWorkflow, { id: location.id, add: [channel.id] });
  await run(flows.linkSalesChannelsToApiKeyWorkflow, { id: key.id, add: [channel.id] });
  const variants = await makeDishes(run, channel, profile);
  await stock(container, run, location);
  const ids = { region: region.id, key: key.token, shippingOption: option.id, variants };
  writeFileSync(join(process.cwd(), 'ids.json'), JSON.stringify(ids));
};

async function channelOf(container, run) {
  const name = 'Default Sales Channel';
  const [known] = await container.resolve(Modules.SALES_CHANNEL).listSalesChannels({ name });
  const [channel] = known ? [known] : await run(flows.createSalesChannelsWorkflow, { salesChannelsData: [{ name }] });
  const [store] = await container.resolve(Modules.STORE).listStores();
  const update = {
    supported_currencies: [{ currency_code: 'gbp', is_default: true }],
    default_sales_channel_id: channel.id,
  };
  if (store) await run(flows.updateStoresWorkflow, { selector: { id: store.id }, update });
  return channel;
}

async function shippingFrom(container, run, location, region) {
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  const fulfillment = container.resolve(Modules.FULFILLMENT);
  const here = { [Modules.STOCK_LOCATION]: { stock_location_id: location.id } };
  await link.create({ ...here, [Modules.FULFILLMENT]: { fulfillment_provider_id: 'manual_manual' } });
  const [known] = await fulfillment.listShippingProfiles({ type: 'default' });
  const [profile] = known
    ? [known]
    : await run(flows.createShippingProfilesWorkflow, { data: [{ name: 'Default', type: 'default' }] });
  const set = await fulfillment.createFulfillmentSets({
    name: 'Pickup',
    type: 'shipping',
    service_zones: [{ name: 'UK', geo_zones: [{ country_code: 'gb', type: 'country' }] }],
  });
  await link.create({ ...here, [Modules.FULFILLMENT]: { fulfillment_set_id: set.id } });
  const [option] = await run(flows.createShippingOptionsWorkflow, [
    {
      name: 'Standard',
      price_type: 'flat',
      provider_id: 'manual_manual',
      service_zone_id: set.service_zones[0].id,
      shipping_profile_id: profile.id,
      type: { label: 'Standard', description: 'Standard', code: 'standard' },
      prices: [
        { currency_code: 'gbp', amount: 0 },
        { region_id: region.id, amount: 0 },
      ],
      rules: [
        { attribute: 'enabled_in_store', value: 'true', operator: 'eq' },
        { attribute: 'is_return', value: 'false', operator: 'eq' },
      ],
    },
  ]);
  return { profile, option };
}

async function makeDishes(run, channel, profile) {
  const variants = [];
  for (let from = 1; from <= DISHES; from += AT_ONCE) {
    const products = Array.from({ length: AT_ONCE }, (_, index) => dish(from + index, channel, profile));
    for (const { variants: made } of await run(flows.createProductsWorkflow, { products })) variants.push(made[0].id);
  }
  return variants;
}

const dish = (number, channel, profile) => ({
  title: `Dish ${number}`,
  handle: `dish-${number}`,
  description: `A tasty dish number ${number}, served with seasonal sides and a house sauce.`,
  status: ProductStatus.PUBLISHED,
  shipping_profile_id: profile.id,
  options: [{ title: 'Default', values: ['Default'] }],
  variants: [
    {
      title: 'Default',
      sku: `SKU${number}`,
      manage_inventory: true,
      options: { Default: 'Default' },
      prices: [{ amount: 5.5 + (number % 20), currency_code: 'gbp' }],
    },
  ],
  sales_channels: [{ id: channel.id }],
});

async function stock(container, run, location) {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data: items } = await query.graph({ entity: 'inventory_item', fields: ['id'] });
  await run(flows.createInventoryLevelsWorkflow, {
    inventory_levels: items.map(({ id }) => ({
      location_id: location.id,
      inventory_item_id: id,
      stocked_quantity: 10_000_000,
    })),
  });
}
