import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { definitionsIn, holdAgainst } from './definitions.ts';
import { findings, misspelt, tableOf } from './held.ts';
import { objectsIn, type Rendered } from './render.ts';

/** As `kubectl get crd -o yaml` writes it: a list. */
const definitions = `
apiVersion: v1
kind: List
items:
  - apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: { name: ovens.kitchen.example }
    spec:
      group: kitchen.example
      names: { kind: Oven }
      versions:
        - name: v1
          schema:
            openAPIV3Schema:
              type: object
              required: [spec]
              properties:
                spec:
                  type: object
                  required: [degrees]
                  properties:
                    degrees: { type: integer, maximum: 300 }
                    door: { x-kubernetes-int-or-string: true, anyOf: [{ type: integer }, { type: string }] }
                    heat: { type: string, enum: [top, bottom] }
                    labels: { type: object, additionalProperties: { type: string } }
                    mode: { type: string, pattern: '^(?i)(quick|slow)$' }
                    note: { type: string, nullable: true }
                    programs:
                      type: array
                      items: { type: object, properties: { minutes: { type: integer } } }
                    settings: { type: object, x-kubernetes-preserve-unknown-fields: true, properties: { fan: { type: boolean } } }
`;
const oven = `
apiVersion: kitchen.example/v1
kind: Oven
metadata: { name: pizza, labels: { floor: ground } }
spec:
  degrees: 280
  door: 1
  heat: top
  labels: { color: red }
  mode: Quick
  note: null
  programs: [{ minutes: 6 }]
  settings: { fan: true, steam: 3 }
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comanda-definitions-'));
  await writeFile(join(folder, 'ovens.yaml'), definitions);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const held = (text: string) =>
  holdAgainst(definitionsIn(folder), { 'k8s/oven.yaml': objectsIn(text) }, ({ file }) => file);

describe("an operator's resource", () => {
  test('is held against the definition of its kind', () => {
    expect(held(oven)).toEqual({ against: { 'kitchen.example/v1 Oven': 'ovens.yaml' }, wrong: [] });
  });

  test.each([
    ['a misspelt field', 'degrees: 280', 'degrees: 280\n  degres: 1', '/spec/degres: there is no such field'],
    ['a misspelt field of a list', 'minutes: 6', 'minuts: 6', '/spec/programs/0/minuts: there is no such field'],
    ['a missing field', 'degrees: 280', '', "/spec: must have required property 'degrees'"],
    ['a text for a number', 'degrees: 280', "degrees: '280'", '/spec/degrees: must be integer'],
    ['a number out of range', 'degrees: 280', 'degrees: 301', '/spec/degrees: must be <= 300'],
    ['a list for a number or a text', 'door: 1', 'door: [1]', '/spec/door: must be integer,string'],
    [
      'a word that is none of them',
      'heat: top',
      'heat: left',
      '/spec/heat: must be equal to one of the allowed values: top, bottom',
    ],
    ['a label that is no text', 'color: red', 'color: 3', '/spec/labels/color: must be string'],
    [
      'a word of another pattern',
      'mode: Quick',
      'mode: Quickly',
      '/spec/mode: must match pattern "^(?i)(quick|slow)$"',
    ],
  ])('%s is found', (_, right, wrong, sentence) => {
    expect(held(oven.replace(right, wrong)).wrong).toEqual([`k8s/oven.yaml: Oven pizza: ${sentence}`]);
  });

  test('of another version is held against nothing, which the table says', () => {
    const made = { 'k8s/oven.yaml': objectsIn(oven.replace('/v1', '/v2')) };
    const nothing = holdAgainst(definitionsIn(folder), made, ({ file }) => file);
    expect(nothing).toEqual({ against: {}, wrong: [] });
    expect(tableOf(made, [nothing])).toEqual({
      rows: ['kitchen.example/v2 Oven  nothing'],
      unheld: ['kitchen.example/v2 Oven'],
    });
  });
});

test('what is wrong for every version is told once', () => {
  const wrong = ['ha on 1.34: Oven pizza: too hot', 'ha on 1.35: Oven pizza: too hot', 'ha on 1.35: Oven bread: cold'];
  expect(findings([{ against: {}, wrong }], '1.35')).toEqual(['ha: Oven pizza: too hot', 'ha: Oven bread: cold']);
});

describe('who looks at objects is shown a misspelt one of each kind', () => {
  const made: Record<string, Rendered[]> = { 'ha on 1.35': objectsIn(oven) };
  const shown = { ...made, ...misspelt(made, '1.35') };

  test('who finds it is believed', () => {
    const seen = holdAgainst(definitionsIn(folder), shown, ({ file }) => file);
    expect(seen.wrong).toHaveLength(1);
    expect(findings([seen], '1.35')).toEqual([]);
    expect(tableOf(made, [seen])).toEqual({ rows: ['kitchen.example/v1 Oven  ovens.yaml'], unheld: [] });
  });

  test('who lets it pass is told of, even when another finds it', () => {
    const seen = holdAgainst(definitionsIn(folder), shown, ({ file }) => file);
    const blind = { against: { 'kitchen.example/v1 Oven': 'chart-types' }, wrong: [] };
    expect(findings([seen, blind], '1.35')).toEqual([
      'kitchen.example/v1 Oven: a field that there is not passes chart-types',
    ]);
  });
});
