import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '../ids.js';
import { hashApiKey, mintApiKey, parseApiKey } from './api-key.js';

const mode = fc.constantFrom('live', 'test');

describe('an API key', () => {
  test('tells its id and whether it is live', () => {
    fc.assert(
      fc.property(fc.uuid(), mode, (id, of) => {
        expect(parseApiKey(mintApiKey(id, of).text)).toEqual({ id, mode: of });
      }),
    );
  });

  test('is never the same twice', () => {
    const id = newId();
    expect(mintApiKey(id, 'live').text).not.toBe(mintApiKey(id, 'live').text);
  });

  test('has an id in lower case, however it was written', () => {
    const { text } = mintApiKey('0199A1B2-7C3D-7E4F-8A5B-6C7D8E9F0A1B', 'test');
    expect(parseApiKey(text)?.id).toBe('0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b');
  });

  test('with a character wrong, missing or too many is none, without a look-up', () => {
    const changed = fc
      .tuple(fc.uuid(), mode, fc.nat({ max: 93 }), fc.constantFrom('', '0', 'f', 'x', '00'))
      .map(([id, of, at, by]) => {
        const { text } = mintApiKey(id, of);
        return { text, changed: text.slice(0, at) + by + text.slice(at + 1) };
      })
      .filter(({ text, changed: other }) => text !== other);
    fc.assert(
      fc.property(changed, ({ changed: text }) => {
        expect(parseApiKey(text)).toBeUndefined();
      }),
    );
    expect(parseApiKey('')).toBeUndefined();
  });

  test('is stored as a hash that says nothing without the pepper', () => {
    const { text } = mintApiKey(newId(), 'live');
    const [pepper, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(hashApiKey(pepper, text)).toMatch(/^[\w-]{43}$/);
    expect(hashApiKey(pepper, text)).toBe(hashApiKey(pepper, text));
    expect(hashApiKey(other, text)).not.toBe(hashApiKey(pepper, text));
  });
});
