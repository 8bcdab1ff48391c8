import { Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { asyncApi, eventSchemaOf } from './asyncapi.js';
import { EVENTS } from './events.js';

test('the AsyncAPI document is one to its own parser', async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApi()));
  expect(
    diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path.join('/')}: ${message}`),
  ).toEqual([]);
  expect(document?.version()).toBe('3.0.0');
});

test.each(EVENTS.map((event) => [event.type, event] as const))(
  '%s: an outside validator takes its example, and takes it when it has grown',
  (_, event) => {
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    const validate = ajv.compile(eventSchemaOf(event));
    expect(validate(event.example), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...(event.example as object), newField: 1 })).toBe(true);
    expect(validate({})).toBe(false);
  },
);
