import type { Menu } from '@comanda/contracts';
import { Menu as MenuSchema } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inLanguages, languagesIn, TEXT_FIELDS } from './in-languages.js';

const menu = {
  languages: ['en', 'zh-CN'],
  categories: [{ id: 'noodles', name: { en: 'Noodles', 'zh-CN': '面条', 'zh-Hant': '麵條' }, position: 0 }],
  items: [
    {
      id: 'dan-dan',
      name: { en: 'Dan dan noodles', 'zh-CN': '担担面' },
      description: { 'zh-CN': '麻辣', de: 'Scharf' },
      pictures: [{ hash: 'f', alt: { en: 'A bowl', de: 'Eine Schale' }, widths: [320] }],
      variations: [{ id: 'large', name: { it: 'Grande', de: 'Groß' } }],
    },
    { id: 'tea', name: { 'zh-CN': '茶' }, description: null, pictures: [], variations: [] },
  ],
  taxes: [{ id: 'vat', name: 'VAT' }],
} as unknown as Menu;

const read = (header: string): string[] => {
  const { categories, items } = inLanguages(menu, languagesIn(header));
  const [noodles, tea] = items;
  return [
    categories[0]?.name,
    noodles?.name,
    noodles?.description,
    noodles?.pictures[0]?.alt,
    noodles?.variations[0]?.name,
    tea?.name,
  ].map((texts) => Object.entries(texts ?? {}).join(' '));
};

describe('one menu answers', () => {
  test.each([
    ['zh-CN', ['zh-CN,面条', 'zh-CN,担担面', 'zh-CN,麻辣', 'en,A bowl', 'de,Groß', 'zh-CN,茶']],
    ['en', ['en,Noodles', 'en,Dan dan noodles', 'zh-CN,麻辣', 'en,A bowl', 'de,Groß', 'zh-CN,茶']],
    ['de-AT, en;q=0.5', ['en,Noodles', 'en,Dan dan noodles', 'de,Scharf', 'de,Eine Schale', 'de,Groß', 'zh-CN,茶']],
    ['zh-Hant-TW, zh;q=0.9', ['zh-Hant,麵條', 'zh-CN,担担面', 'zh-CN,麻辣', 'en,A bowl', 'de,Groß', 'zh-CN,茶']],
    ['it;q=0.1, EN-us', ['en,Noodles', 'en,Dan dan noodles', 'zh-CN,麻辣', 'en,A bowl', 'it,Grande', 'zh-CN,茶']],
    ['xx, en"; drop', ['en,Noodles', 'en,Dan dan noodles', 'zh-CN,麻辣', 'en,A bowl', 'de,Groß', 'zh-CN,茶']],
  ])('Accept-Language: %s, falling back text by text to the organization’s own and then to any', (header, texts) => {
    expect(read(header)).toEqual(texts);
  });

  test.each([undefined, '', '*', '"', 'en us', 'en;q=0', '*;q=0.5'])('%s in all its languages', (header) => {
    expect(languagesIn(header)).toEqual([]);
  });

  test('and leaves what is no text as it is', () => {
    expect(inLanguages(menu, ['de'])).toMatchObject({ languages: ['en', 'zh-CN'], taxes: [{ name: 'VAT' }] });
  });
});

test('every text of a menu is in a field that is known to hold texts', () => {
  const schema = z.toJSONSchema(MenuSchema, { io: 'output' });
  const named = new Set<string>();
  const walk = (node: unknown, field: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if ((node as { $ref?: string }).$ref === '#/$defs/Texts') named.add(field);
    const { properties, ...rest } = node as { properties?: Record<string, unknown> };
    for (const [name, property] of Object.entries(properties ?? {})) walk(property, name);
    for (const below of Object.values(rest)) walk(below, field);
  };
  walk(schema, '');
  expect(named).toEqual(TEXT_FIELDS);
});
