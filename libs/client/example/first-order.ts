import { ApiProblem, Comanda } from '@comanda/client';

const { COMANDA_URL: baseUrl = 'http://localhost:8080', COMANDA_API_KEY: apiKey = '' } = process.env;
const comanda = new Comanda({ baseUrl, apiKey });
for await (const { id: locationId, name } of comanda.all('/v1/identity/locations')) {
  const path = { locationId };
  const { data: menu } = await comanda.GET('/v1/catalog/locations/{locationId}/menu', { path });
  const lines = menu.items
    .slice(0, 2)
    .flatMap((item) => item.variations.slice(0, 1).map(({ id }) => ({ variationId: id })));
  try {
    const { data: order } = await comanda.POST('/v1/orders', { body: { locationId, lines } });
    for (const { bill } of order.checks) await comanda.POST('/v1/payments', { body: { bill, method: 'cash' } });
    console.log(`${name}: order ${order.number}, ${order.totals.total.amount} ${order.currency}`);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'item_unavailable') throw error;
    console.log(`${name}: ${error.detail}`);
  }
}
