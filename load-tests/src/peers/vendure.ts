import { Pool } from 'undici';
import type { PeerRecipe } from './peer.js';

const DISHES = 200;

/** Vendure: three lines, a customer, an address, shipping, payment: eight calls of its shop's GraphQL API. */
export const vendure: PeerRecipe = {
  name: 'vendure',
  install: [],
  prepare: [['populate.js']],
  serve: ['server.js'],
  ready: 'READY',
  async open(baseUrl, _folder, clients) {
    const pool = new Pool(baseUrl, { connections: clients });
    const tokens = new Map<number, string>();
    const ask = async (
      client: number,
      query: string,
      variables: object,
    ): Promise<Record<string, { state?: string }>> => {
      const token = tokens.get(client);
      const { headers, body } = await pool.request({
        method: 'POST',
        path: '/shop-api',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
      });
      const given = headers['vendure-auth-token'];
      if (typeof given === 'string') tokens.set(client, given);
      const { data, errors } = (await body.json()) as {
        data: Record<string, { errorCode?: string; state?: string }>;
        errors?: unknown;
      };
      const refused = Object.values(data ?? {}).some((result) => result?.errorCode !== undefined);
      if (errors || refused) throw new Error(`Vendure: ${JSON.stringify(errors ?? data).slice(0, 300)}`);
      return data;
    };
    return {
      async complete(client) {
        for (let line = 0; line < 3; line++)
          await ask(client, ADD_ITEM, { id: String(1 + Math.floor(Math.random() * DISHES)) });
        await ask(client, SET_CUSTOMER, { input: { ...GUEST, emailAddress: `guest-${client}@example.com` } });
        await ask(client, SET_ADDRESS, { input: ADDRESS });
        await ask(client, SET_SHIPPING, {});
        await ask(client, ARRANGE_PAYMENT, {});
        const paid = await ask(client, PAY, {});
        if (paid['addPaymentToOrder']?.state !== 'PaymentSettled') throw new Error(`Vendure: ${JSON.stringify(paid)}`);
      },
      close: () => pool.destroy(),
    };
  },
};

const RESULT = '{ __typename ... on Order { id code state totalWithTax } ... on ErrorResult { errorCode message } }';
const ADD_ITEM = `mutation ($id: ID!) { addItemToOrder(productVariantId: $id, quantity: 1) ${RESULT} }`;
const SET_CUSTOMER = `mutation ($input: CreateCustomerInput!) { setCustomerForOrder(input: $input) ${RESULT} }`;
const SET_ADDRESS = `mutation ($input: CreateAddressInput!) { setOrderShippingAddress(input: $input) ${RESULT} }`;
const SET_SHIPPING = `mutation { setOrderShippingMethod(shippingMethodId: ["1"]) ${RESULT} }`;
const ARRANGE_PAYMENT = `mutation { transitionOrderToState(state: "ArrangingPayment") ${RESULT} }`;
const PAY = `mutation { addPaymentToOrder(input: { method: "cash", metadata: {} }) ${RESULT} }`;

const GUEST = { firstName: 'Walk', lastName: 'In' };
const ADDRESS = {
  fullName: 'Walk In',
  streetLine1: '1 High St',
  city: 'London',
  postalCode: 'E1 1AA',
  countryCode: 'GB',
};
