import {
  type Endpoint,
  type EventDefinition,
  KeyChanged,
  LocationChanged,
  OrganizationChanged,
  type ServiceName,
} from '@comanda/contracts';
import { InboxRow, OutboxRow } from '@comanda/events';
import { IdempotencyKey, type Migration, type Schema } from '@comanda/platform';
import type { Type } from '@nestjs/common';
import type { z } from 'zod';
import { Foundation1760000000000 } from './foundation.migration.js';
import { KnownKeyRow } from './identity-copy/known-key.entity.js';
import { KnownLocationRow } from './identity-copy/known-location.entity.js';
import { KnownOrganizationRow } from './identity-copy/known-organization.entity.js';
import type { MakeShortcut } from './shortcut.js';
import { KnownPolicies1763930000000 } from './known-policies.migration.js';

/** A service, as it is told to the platform: its Nest module, its tables, its routes and its settings. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly module: Type;
  readonly entities: readonly Function[];
  readonly migrations: readonly Migration[];
  readonly endpoints: readonly Endpoint[];
  /** The events it handles, besides identity's, which every service does. What its controllers consume must be the same. */
  readonly consumes: readonly EventDefinition[];
  /** Where in the flow of events nobody waits for it by the millisecond: fewer and larger rounds do, within a second. */
  readonly relaxed?: readonly ('consumer' | 'relay')[];
  /** Settings of its own, read from the environment beside those of the platform. */
  readonly config?: z.ZodObject;
  /** Answers what is read most before its route does. */
  readonly shortcut?: MakeShortcut;
}

/** What every service handles, to keep its copy of organizations, locations and keys. */
export const IDENTITY_EVENTS: readonly EventDefinition[] = [OrganizationChanged, LocationChanged, KeyChanged];

/** A service's whole schema: its own tables, and those that every service has. */
export function schemaOf({ entities, migrations }: Pick<ServiceDefinition, 'entities' | 'migrations'>): Schema {
  return {
    entities: [IdempotencyKey, OutboxRow, InboxRow, KnownOrganizationRow, KnownLocationRow, KnownKeyRow, ...entities],
    migrations: [Foundation1760000000000, KnownPolicies1763930000000, ...migrations],
  };
}
