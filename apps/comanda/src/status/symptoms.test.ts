import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Samples } from './samples.js';
import { ailmentsIn, SYMPTOMS } from './symptoms.js';

const RULES = fileURLToPath(new URL('../../../../charts/comanda/rules', import.meta.url));

/** What stands in the rule files under the name of an alert, up to the next one. */
const ruleOf = (alert: string): string | undefined =>
  globSync('*.yaml', { cwd: RULES })
    .filter((file) => !file.endsWith('.test.yaml'))
    .flatMap((file) => readFileSync(`${RULES}/${file}`, 'utf8').split(/(?=- alert: )/))
    .find((rule) => rule.startsWith(`- alert: ${alert}\n`));

test.each(SYMPTOMS.map((symptom) => [symptom.alert, symptom] as const))(
  'the limit of %s is the one that wakes somebody',
  (alert, { metric, over }) => {
    const [, expression = ''] = /expr:([\s\S]*?)\n {8}(?:for|labels):/.exec(ruleOf(alert) ?? '') ?? [];
    expect(expression).toContain(metric);
    expect(expression).toMatch(new RegExp(`> ${RegExp.escape(String(over))}\\s*$`));
  },
);

test('what is over its limit is told, the worst of each service; what is at it is not', async () => {
  const registries = ['orders', 'payments'].map((service) => {
    const registry = new Registry();
    registry.setDefaultLabels({ service });
    return registry;
  });
  const [orders, payments] = registries as [Registry, Registry];
  const gauge = (name: string, registry: Registry, labelNames: string[] = []): Gauge =>
    new Gauge({ name, help: 'One of ours.', labelNames, registers: [registry] });
  gauge('outbox_oldest_seconds', orders).set(61);
  gauge('outbox_oldest_seconds', payments).set(60);
  const letters = gauge('dead_letters_waiting', orders, ['topic']);
  letters.set({ topic: 'one' }, 2);
  letters.set({ topic: 'other' }, 3);
  gauge('circuit_breaker_open', payments, ['to']).set({ to: 'stripe' }, 1);
  expect(ailmentsIn(await Samples.of(registries)).map(({ alert, service, value }) => [alert, service, value])).toEqual([
    ['OutboxStuck', 'orders', 61],
    ['EventsParked', 'orders', 3],
    ['PaymentProviderAway', 'payments', 1],
  ]);
});
