import { registerHooks } from 'node:module';
import { BROKEN_RULES, type BrokenRule } from './rules.js';

/**
 * Has a rule broken in what is loaded from here on: the source is changed on its way in, and no file is.
 * @returns says that what was to be changed has been loaded
 * @throws when there is no such rule; and while loading, when the code is not what it was when the rule was written down
 */
export function breakRule(name: string): () => void {
  const rule = BROKEN_RULES.find((each) => each.name === name);
  if (!rule) throw new Error(`There is no rule ${name}: ${BROKEN_RULES.map((each) => each.name).join(', ')}.`);
  let broken = false;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(`/${rule.file}`)) return loaded;
      broken = true;
      return { ...loaded, source: changed(rule, Buffer.from(loaded.source as Uint8Array).toString()) };
    },
  });
  return () => {
    if (!broken) throw new Error(`${rule.file} was not loaded: ${name} is not broken.`);
  };
}

/** @throws when there is nothing, or more than one thing, to change */
export function changed({ name, file, changes }: BrokenRule, source: string): string {
  return changes.reduce((text, [find, replace]) => {
    const [before = '', after, ...more] = text.split(find);
    if (after === undefined || more.length > 0)
      throw new Error(`${name}: ${file} holds ${more.length > 0 ? 'more than once' : 'no more'}: ${find}`);
    return `${before}${replace}${after}`;
  }, source);
}
