import { type Command, Option } from 'commander';
import { asksPlatform, type AskOptions, withPlatform } from './connect.js';
import type { NewChain } from './create-organization.js';
import { collect, print, printJson, table } from './output.js';

/** Whose key this is, and where that chain sells. */
export function organizationsCommand(program: Command): void {
  const organizations = asksPlatform(
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

  organizations
    .command('create')
    .description(
      'begin a chain, in the databases of the platform; its first key may do everything, and is shown this once',
    )
    .requiredOption('--name <name>', 'what it is called')
    .addOption(
      new Option('--mode <mode>', 'live takes real money, test only tries things out; for good')
        .choices(['live', 'test'])
        .makeOptionMandatory(),
    )
    .option('--languages <tags>', 'of its menus, separated by commas; the first is the fall-back', 'en')
    .option('--json', 'print as JSON')
    .action(async (options: NewChain) => (await import('./create-organization.js')).createChain(options));
}
