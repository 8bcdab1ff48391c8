import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'undici';
import type { PeerRecipe } from './peer.js';

interface Ids {
  readonly region: string;
  readonly key: string;
  readonly shippingOption: string;
  readonly variants: readonly string[];
}

interface Told {
  readonly cart?: { readonly id: string };
  readonly payment_collection?: { readonly id: string };
  readonly type?: string;
}

/** Medusa: a cart with an address, three lines, shipping, a payment, completion: eight calls of its store's REST API. */
export const medusa: PeerRecipe = {
  name: 'medusa',
  install: ['--legacy-peer-deps'],
  prepare: [
    ['node_modules/@medusajs/cli/cli.js', 'db:migrate'],
    ['node_modules/@medusajs/cli/cli.js', 'exec', './src/scripts/seed.js'],
  ],
  serve: ['node_modules/@medusajs/cli/cli.js', 'start'],
  ready: 'Server is ready on',
  async open(baseUrl, folder, clients) {
    const ids = JSON.parse(await readFile(join(folder, 'ids.json'), 'utf8')) as Ids;
    const pool = new Pool(baseUrl, { connections: clients });
    const post = async (path: string, body?: object): Promise<Told> => {
      const answer = await pool.request({
        method: 'POST',
        path: `/store${path}`,
        headers: { 'content-type': 'application/json', 'x-publishable-api-key': ids.key },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`Medusa: ${path} ${answer.statusCode} ${text.slice(0, 300)}`);
      return JSON.parse(text) as Told;
    };
    return {
      async complete(client) {
        const guest = { region_id: ids.region, email: `guest-${client}@example.com`, shipping_address: ADDRESS };
        const cart = `/carts/${(await post('/carts?fields=id', guest)).cart?.id}`;
        for (let line = 0; line < 3; line++) {
          const variant = ids.variants[Math.floor(Math.random() * ids.variants.length)];
          await post(`${cart}/line-items?fields=id`, { variant_id: variant, quantity: 1 });
        }
        await post(`${cart}/shipping-methods?fields=id`, { option_id: ids.shippingOption });
        const collection = await post('/payment-collections?fields=id', { cart_id: cart.slice('/carts/'.length) });
        await post(`/payment-collections/${collection.payment_collection?.id}/payment-sessions?fields=id`, {
          provider_id: 'pp_system_default',
        });
        const done = await post(`${cart}/complete?fields=id,status,total`);
        if (done.type !== 'order') throw new Error(`Medusa: ${JSON.stringify(done).slice(0, 300)}`);
      },
      close: () => pool.destroy(),
    };
  },
};

const ADDRESS = {
  first_name: 'Walk',
  last_name: 'In',
  address_1: '1 High St',
  city: 'London',
  postal_code: 'E1 1AA',
  country_code: 'gb',
};
