import type { StockLevel as Level } from '@comanda/client';
import type { Command } from 'commander';
import { asksPlatform, type AskOptions, withPlatform } from './connect.js';
import { collect, print, printJson, table } from './output.js';
import { placesOf } from './places.js';

interface StockOptions extends AskOptions {
  readonly location?: string;
  readonly low?: boolean;
}

/** What is on the shelves now. What moved in a time is a report: `reports stock`. */
export function stockCommand(program: Command): void {
  asksPlatform(
    program.command('stock').description('what is on the shelves now: what is gone or low first'),
    'inventory:read',
  )
    .option('--location <id>', 'of this location alone')
    .option('--low', 'only what is gone, low, or below what is possible')
    .action((options: StockOptions) =>
      withPlatform(options, async (api) => {
        const query = options.location === undefined ? {} : { locationId: options.location };
        const all = await collect(api.all('/v1/inventory/levels', { query }));
        const levels = all.filter((level) => !options.low || urgency(level) > 0).toSorted(byUrgency);
        if (options.json) return printJson(levels);
        if (levels.length === 0) return print('Nothing.');
        const places = await placesOf(api);
        print(
          table(
            levels.map((level) => [
              places.get(level.locationId) ?? level.locationId,
              level.name,
              level.quantity,
              level.unit,
              stateOf(level),
              level.countedAt ?? 'never',
            ]),
            ['location', 'item', 'quantity', 'unit', 'state', 'counted'],
          ),
        );
      }),
    );
}

const byUrgency = (one: Level, other: Level): number =>
  urgency(other) - urgency(one) || one.locationId.localeCompare(other.locationId) || one.name.localeCompare(other.name);

const urgency = ({ low, depleted, belowFloor }: Level): number => (belowFloor ? 3 : depleted ? 2 : low ? 1 : 0);

const stateOf = (level: Level): string => ['enough', 'low', 'gone', 'impossible: count it'][urgency(level)] ?? '';
