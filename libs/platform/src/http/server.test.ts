import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { createAdapter } from './server.js';

/** The address that a server takes a client for, who connects from `peer` and says to have come by `forwarded`. */
async function addressOf(peer: string, forwarded: string): Promise<string> {
  const { adapter } = createAdapter();
  const fastify = adapter.getInstance<FastifyInstance>();
  onTestFinished(() => fastify.close());
  fastify.get('/address', (request) => request.ip);
  const { body } = await fastify.inject({
    url: '/address',
    remoteAddress: peer,
    headers: { 'x-forwarded-for': forwarded },
  });
  return body;
}

test('behind an ingress a client is known by the address that the ingress saw', async () => {
  expect(await addressOf('10.0.3.7', '203.0.113.9')).toBe('203.0.113.9');
  expect(await addressOf('10.0.3.7', '203.0.113.9, 192.168.1.4')).toBe('203.0.113.9');
});

test('nobody gets another address by saying so', async () => {
  expect(await addressOf('10.0.3.7', '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
  expect(await addressOf('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
});
