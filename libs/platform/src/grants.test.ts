import { Grant } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { grantKey, isGrantSigned, signGrant } from './grants.js';

const KEY = grantKey('a secret of at least thirty-two characters');
const id = (n: number): string => `0199a1b2-7c3d-7e4f-8a5b-00000000000${n}`;

const signed = signGrant(KEY, {
  id: id(1),
  organizationId: id(2),
  source: { kind: 'reward', id: id(3) },
  name: 'Free coffee',
  customerId: id(4),
  orderId: id(5),
  deviceId: null,
  gives: { kind: 'free_item', quantity: 1 },
  conditions: { minimumSpend: null, itemIds: [], categoryIds: [], serviceTypes: [], locationIds: [], windows: [] },
  group: null,
  priority: 100,
  expiresAt: '2026-03-06T20:10:00.000Z',
});

describe('a signed grant', () => {
  test('is what the contract says, and is known again after it has travelled', () => {
    const arrived = Grant.parse(JSON.parse(JSON.stringify(signed)));
    expect(arrived).toEqual(signed);
    expect(isGrantSigned(KEY, arrived)).toBe(true);
  });

  test.each<[string, Partial<Grant>]>([
    ['organization', { organizationId: id(9) }],
    ['order', { orderId: id(9) }],
    ['customer', { customerId: null }],
    ['benefit', { gives: { kind: 'free_item', quantity: 2 } }],
    ['conditions', { conditions: { ...signed.conditions, itemIds: [id(9)] } }],
    ['group', { group: 'any' }],
    ['expiry', { expiresAt: '2027-03-06T20:10:00.000Z' }],
    ['signature', { signature: '' }],
  ])('is refused with another %s', (_, change) => {
    expect(isGrantSigned(KEY, { ...signed, ...change })).toBe(false);
  });

  test('of another installation is refused', () => {
    expect(isGrantSigned(grantKey('another secret of thirty-two characters'), signed)).toBe(false);
  });
});
