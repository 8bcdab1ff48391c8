import { ApiProblem, type Comanda } from '@comanda/client';
import type { Command } from 'commander';
import { asksPlatform, type AskOptions, withPlatform } from './connect.js';
import { CommandFailure } from './failure.js';
import { menuChanges, type MenuChange } from './menu-diff.js';
import { complain, print, printJson, table } from './output.js';
import { placesOf } from './places.js';

interface MenusOptions extends AskOptions {
  readonly location?: string;
}

/** What is on sale where, and what the drafts would make of it. */
export function menusCommand(program: Command): void {
  const menus = program.command('menus').alias('menu').description('menus: on sale, and drafted');
  const command = (name: string, description: string): Command =>
    asksPlatform(menus.command(name).description(description), 'catalog:read').option(
      '--location <id>',
      'of this location alone',
    );

  command('list', 'which menu each location sells from').action((options: MenusOptions) =>
    withPlatform(options, (api) => listMenus(api, options)),
  );
  command('diff', 'what publishing would change: what comes, goes, and is sold otherwise')
    .addHelpText('after', DIFF)
    .action((options: MenusOptions) => withPlatform(options, (api) => showChanges(api, options)));
}

const DIFF = `
Nothing is changed. What keeps the drafts from being published, and what would not be sold for want of a price, goes to
stderr. Exit code 1 when something keeps them from being published.`;

async function listMenus(api: Comanda, { location, json }: MenusOptions): Promise<void> {
  const places = await placesOf(api, location);
  const rows = await Promise.all(
    [...places.keys()].map(async (locationId) => {
      const path = { locationId };
      return {
        locationId,
        menu: await ifPublished(api.GET('/v1/catalog/locations/{locationId}/menu/metadata', { path })),
      };
    }),
  );
  if (json) return printJson(rows);
  print(
    table(
      rows.map(({ locationId, menu }) => [
        locationId,
        places.get(locationId) ?? '',
        ...(menu ? [menu.menuVersion, menu.items, menu.publishedAt, menu.hash.slice(0, 12)] : ['-', '-', 'never', '-']),
      ]),
      ['location', 'name', 'version', 'items', 'published', 'menu'],
    ),
  );
}

interface Preview {
  readonly locationId: string;
  readonly location: string;
  readonly changed: boolean;
  readonly changes: readonly MenuChange[];
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

async function showChanges(api: Comanda, { location, json }: MenusOptions): Promise<void> {
  const previews: Preview[] = [];
  for (const [id, name] of await placesOf(api, location)) previews.push(await previewOf(api, id, name));
  if (json) printJson(previews);
  else for (const preview of previews) show(preview);
  for (const { faults, warnings } of previews) for (const what of [...faults, ...warnings]) complain(what);
  if (previews.some(({ faults }) => faults.length > 0))
    throw new CommandFailure('The drafts cannot be published as they stand.');
}

async function previewOf(api: Comanda, locationId: string, location: string): Promise<Preview> {
  const path = { locationId };
  const [{ data: preview }, onSale] = await Promise.all([
    api.GET('/v1/catalog/locations/{locationId}/menu/preview', { path }),
    ifPublished(api.GET('/v1/catalog/locations/{locationId}/menu', { path })),
  ]);
  const { changed, menu, faults, warnings } = preview;
  return {
    locationId,
    location,
    changed,
    changes: menuChanges(onSale, menu),
    faults: faults.map(({ detail }) => detail),
    warnings: warnings.map(({ detail }) => detail),
  };
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function show({ location, changes }: Preview): void {
  if (changes.length === 0) return print(`${location}: nothing would change.`);
  print(`${location}: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`);
  for (const { kind, what, detail } of changes) print(`  ${SIGNS[kind]} ${what}${detail && `: ${detail}`}`);
}

/** What was answered; `undefined` for a location that has no menu yet. */
async function ifPublished<T>(answer: Promise<{ data: T }>): Promise<T | undefined> {
  try {
    return (await answer).data;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'menu_not_published') return undefined;
    throw error;
  }
}
