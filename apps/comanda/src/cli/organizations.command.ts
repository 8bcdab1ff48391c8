import type { Command } from 'commander';
import { asksPlatform, type AskOptions, withPlatform } from './connect.js';
import { collect, print, printJson, table } from './output.js';

/** Whose key this is, and where that chain sells. */
export function organizationsCommand(program: Command): void {
  asksPlatform(
    program
      .command('organizations')
      .alias('organization')
      .description('the organization of the key, and its locations'),
    'organization:read',
  ).action((options: AskOptions) =>
    withPlatform(options, async (api) => {
      const { data: organization } = await api.GET('/v1/identity/organization');
      const locations = await collect(api.all('/v1/identity/locations'));
      if (options.json) return printJson({ organization, locations });
      const { id, name, mode, languages } = organization;
      print(`${name}  ${id}  ${mode}  ${languages.join(' ')}\n`);
      print(
        table(
          locations.map((each) => [each.id, each.name, each.currency, each.timeZone, each.jurisdiction.code]),
          ['location', 'name', 'currency', 'time zone', 'jurisdiction'],
        ),
      );
    }),
  );
}
