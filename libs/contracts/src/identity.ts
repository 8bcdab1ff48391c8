import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { defineEvent } from './event.js';
import { Page, PageQuery } from './paging.js';
import { LocationPolicies, LocationPoliciesChange } from './policies.js';
import { Amount, Code, Currency, Id, Instant, Line, PositiveAmount, Rate, Version } from './primitives.js';
import { Scope } from './scopes.js';

/** How a place rounds tax: given by its tax authority, not by taste. */
export const Jurisdiction = z
  .strictObject({
    code: Line(40).meta({ description: 'Name of the jurisdiction, such as `US-IL` or `IT`.' }),
    roundingMode: z.enum(['half-up', 'half-even', 'up', 'down']).default('half-up'),
    roundingLevel: z.enum(['line', 'document']).default('line'),
    step: z.int().min(1).max(1000).default(1).meta({ description: 'Tax is rounded to this many minor units.' }),
    inclusiveTarget: z
      .enum(['tax', 'net'])
      .default('tax')
      .meta({ description: 'What is rounded first when tax is in the price.' }),
  })
  .meta({ id: 'Jurisdiction' });

/** Cash is paid in coins there are: totals paid in cash are rounded to a step. */
export const CashRounding = z
  .strictObject({ step: z.int().min(1).max(10_000), mode: z.enum(['half-up', 'half-even', 'up', 'down']) })
  .meta({ id: 'CashRounding', examples: [{ step: 5, mode: 'half-up' }] });

/** What the platform keeps of each payment. */
export const PlatformFee = z
  .strictObject({
    rate: Rate,
    fixed: PositiveAmount.meta({ description: 'Minor units of the location currency, once a payment.' }),
  })
  .meta({ id: 'PlatformFee', examples: [{ rate: 10_000, fixed: 10 }] });

const TimeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+\-/]*$/)
  .meta({ id: 'TimeZone', description: 'IANA name.', examples: ['America/Chicago'] });
const LanguageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  .max(35);

export const Organization = z
  .object({
    id: Id,
    name: Line(),
    mode: z.enum(['live', 'test']).meta({ description: 'Fixed when the organization is made.' }),
    languages: z.array(LanguageTag).min(1).max(20).meta({ description: 'The first is the fall-back.' }),
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Organization' });
export type Organization = z.infer<typeof Organization>;

const locationFields = {
  name: Line(),
  currency: Currency.meta({ description: 'The settlement currency; fixed when the location is made.' }),
  timeZone: TimeZone,
  closingHour: z.int().min(0).max(23).meta({
    description: 'Local hour at which the business day is cut: at 4, a sale at 01:30 belongs to the day before.',
  }),
  jurisdiction: Jurisdiction,
  cashRounding: CashRounding.nullable(),
  platformFee: PlatformFee,
};

export const Location = z
  .object({
    id: Id,
    ...locationFields,
    policies: LocationPolicies,
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Location' });
export type Location = z.infer<typeof Location>;

export const StaffRole = z.enum(['cashier', 'waiter', 'kitchen', 'manager', 'owner']).meta({ id: 'StaffRole' });
export type StaffRole = z.infer<typeof StaffRole>;
const staffFields = {
  name: Line(),
  role: StaffRole,
  locationIds: z.array(Id).max(1000).nullable().meta({ description: 'Where they work; null for everywhere.' }),
};
export const StaffMember = z
  .object({ id: Id, ...staffFields, active: z.boolean(), version: Version, createdAt: Instant, updatedAt: Instant })
  .meta({ id: 'StaffMember' });
export type StaffMember = z.infer<typeof StaffMember>;

const keyFields = {
  name: Line(),
  scopes: z.array(Scope).min(1).max(50),
  locationIds: z
    .array(Id)
    .min(1)
    .max(1000)
    .nullable()
    .meta({ description: 'The locations it is valid for; null for all.' }),
  ratePerSecond: z.int().min(1).max(100_000).nullable().meta({ description: 'Requests a second; null for no limit.' }),
  expiresAt: Instant.nullable(),
};
export const ApiKey = z
  .object({
    id: Id,
    ...keyFields,
    revokedAt: Instant.nullable(),
    rotates: Id.nullable(),
    version: Version,
    createdAt: Instant,
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;
export const MintedApiKey = ApiKey.extend({
  key: z
    .string()
    .nullable()
    .meta({ description: 'The key itself. Shown this once: null when the request is repeated.' }),
}).meta({ id: 'MintedApiKey' });

const LocationParams = z.strictObject({ locationId: Id });
const StaffParams = z.strictObject({ staffId: Id });
const KeyParams = z.strictObject({ keyId: Id });

export const ReadOrganization = defineEndpoint({
  id: 'readOrganization',
  method: 'GET',
  path: '/v1/identity/organization',
  summary: 'The organization of the credential.',
  scope: 'organization:read',
  answer: Organization,
});

export const ChangeOrganization = defineEndpoint({
  id: 'changeOrganization',
  method: 'PATCH',
  path: '/v1/identity/organization',
  summary: 'Renames the organization or changes its languages.',
  scope: 'organization:write',
  concurrency: 'required',
  body: z
    .strictObject({
      name: Line().optional(),
      languages: Organization.shape.languages.optional(),
      version: Version.optional(),
    })
    .meta({ id: 'OrganizationChange' }),
  answer: Organization,
  refusals: ['version_stale', 'version_missing'],
});

export const CreateLocation = defineEndpoint({
  id: 'createLocation',
  method: 'POST',
  path: '/v1/identity/locations',
  summary: 'Opens a location.',
  scope: 'organization:write',
  idempotent: true,
  body: z
    .strictObject({
      id: Id.optional(),
      ...locationFields,
      closingHour: locationFields.closingHour.default(4),
      cashRounding: locationFields.cashRounding.default(null),
      platformFee: PlatformFee.default({ rate: 0, fixed: 0 }),
      policies: LocationPoliciesChange.default({}),
    })
    .meta({ id: 'NewLocation' }),
  answer: Location,
  refusals: ['id_taken', 'reference_unknown'],
  example: { name: 'Harbour', currency: 'USD', timeZone: 'America/Chicago', jurisdiction: { code: 'US-IL' } },
});

export const ListLocations = defineEndpoint({
  id: 'listLocations',
  method: 'GET',
  path: '/v1/identity/locations',
  summary: 'The locations, oldest first.',
  scope: 'organization:read',
  query: PageQuery,
  answer: Page('LocationPage', Location),
});

export const ReadLocation = defineEndpoint({
  id: 'readLocation',
  method: 'GET',
  path: '/v1/identity/locations/{locationId}',
  summary: 'One location.',
  scope: 'organization:read',
  params: LocationParams,
  answer: Location,
});

export const ChangeLocation = defineEndpoint({
  id: 'changeLocation',
  method: 'PATCH',
  path: '/v1/identity/locations/{locationId}',
  summary: 'Changes a location; what is left out stays. Currency is fixed.',
  scope: 'organization:write',
  params: LocationParams,
  concurrency: 'required',
  body: z
    .strictObject({ ...locationFields, policies: LocationPoliciesChange, version: Version })
    .omit({ currency: true })
    .partial()
    .meta({ id: 'LocationChange' }),
  answer: Location,
  refusals: ['version_stale', 'version_missing', 'reference_unknown'],
});

export const CreateStaff = defineEndpoint({
  id: 'createStaff',
  method: 'POST',
  path: '/v1/identity/staff',
  summary: 'Takes somebody on.',
  scope: 'organization:write',
  idempotent: true,
  body: z
    .strictObject({ id: Id.optional(), ...staffFields, locationIds: staffFields.locationIds.default(null) })
    .meta({ id: 'NewStaffMember' }),
  answer: StaffMember,
  refusals: ['id_taken', 'reference_unknown'],
  example: { name: 'Ada', role: 'waiter' },
});

export const ListStaff = defineEndpoint({
  id: 'listStaff',
  method: 'GET',
  path: '/v1/identity/staff',
  summary: 'Everybody who works or worked here, oldest first.',
  scope: 'organization:read',
  query: PageQuery,
  answer: Page('StaffPage', StaffMember),
});

export const ChangeStaff = defineEndpoint({
  id: 'changeStaff',
  method: 'PATCH',
  path: '/v1/identity/staff/{staffId}',
  summary: 'Changes name, role, places of work, or ends the work here.',
  scope: 'organization:write',
  params: StaffParams,
  concurrency: 'required',
  body: z
    .strictObject({ ...staffFields, active: z.boolean(), version: Version })
    .partial()
    .meta({ id: 'StaffChange' }),
  answer: StaffMember,
  refusals: ['version_stale', 'version_missing', 'reference_unknown'],
});

export const CreateKey = defineEndpoint({
  id: 'createKey',
  method: 'POST',
  path: '/v1/identity/keys',
  summary: 'Makes an API key. It can carry no scope that the calling credential lacks.',
  description:
    'The key itself is in this answer and nowhere else; a repeat with the same Idempotency-Key shows it again.',
  scope: 'keys:manage',
  idempotent: true,
  body: z
    .strictObject({
      ...keyFields,
      locationIds: keyFields.locationIds.default(null),
      ratePerSecond: keyFields.ratePerSecond.default(100),
      expiresAt: keyFields.expiresAt.default(null),
      rotates: Id.nullable()
        .default(null)
        .meta({ description: 'The key that this one replaces; both live until the old one is revoked.' }),
    })
    .meta({ id: 'NewApiKey' }),
  answer: MintedApiKey,
  refusals: ['key_limit_reached', 'reference_unknown'],
  example: { name: 'Till 3', scopes: ['orders:write', 'payments:write'] },
});

export const ListKeys = defineEndpoint({
  id: 'listKeys',
  method: 'GET',
  path: '/v1/identity/keys',
  summary: 'The API keys, revoked ones too, oldest first; never the keys themselves.',
  scope: 'keys:manage',
  query: PageQuery,
  answer: Page('ApiKeyPage', ApiKey),
});

export const RevokeKey = defineEndpoint({
  id: 'revokeKey',
  method: 'POST',
  path: '/v1/identity/keys/{keyId}/revoke',
  summary: 'Revokes a key: refused everywhere within five seconds.',
  scope: 'keys:manage',
  idempotent: true,
  status: 200,
  params: KeyParams,
  answer: ApiKey,
  refusals: ['key_already_revoked'],
});

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

export const OrganizationChanged = defineEvent('comanda.organization.changed.v1', {
  service: 'identity',
  summary: 'An organization was made or changed.',
  subject: 'organizationId',
  data: z.object({
    organizationId: Id,
    name: z.string(),
    mode: z.enum(['live', 'test']),
    languages: z.array(z.string()),
  }),
  example: { organizationId: ID, name: 'Pizza Place', mode: 'test', languages: ['en'] },
});

export const LocationChanged = defineEvent('comanda.location.changed.v1', {
  service: 'identity',
  summary: 'A location was opened or changed.',
  subject: 'locationId',
  data: z.object({
    locationId: Id,
    name: z.string(),
    currency: Currency,
    timeZone: z.string(),
    closingHour: z.int(),
    jurisdiction: z.object({
      code: z.string(),
      roundingMode: z.enum(['half-up', 'half-even', 'up', 'down']),
      roundingLevel: z.enum(['line', 'document']),
      step: z.int(),
      inclusiveTarget: z.enum(['tax', 'net']),
    }),
    cashRounding: z.object({ step: z.int(), mode: z.enum(['half-up', 'half-even', 'up', 'down']) }).nullable(),
    platformFee: z.object({ rate: z.int(), fixed: Amount }),
    policies: LocationPolicies.optional().meta({ description: 'How it is run; the usual way where nothing is said.' }),
  }),
  example: {
    locationId: ID,
    name: 'Harbour',
    currency: 'USD',
    timeZone: 'America/Chicago',
    closingHour: 4,
    jurisdiction: { code: 'US-IL', roundingMode: 'half-up', roundingLevel: 'line', step: 1, inclusiveTarget: 'tax' },
    cashRounding: null,
    platformFee: { rate: 10_000, fixed: 10 },
  },
});

export const StaffChanged = defineEvent('comanda.staff.changed.v1', {
  service: 'identity',
  summary: 'Somebody was taken on, changed role, or left. Names stay in identity.',
  subject: 'staffId',
  data: z.object({ staffId: Id, role: Code, locationIds: z.array(Id).nullable(), active: z.boolean() }),
  example: { staffId: ID, role: 'waiter', locationIds: null, active: true },
});

export const KeyChanged = defineEvent('comanda.key.changed.v1', {
  service: 'identity',
  summary: 'An API key was made or revoked. The hash is keyed: it is of no use without the installation secret.',
  subject: 'keyId',
  data: z.object({
    keyId: Id,
    hash: z.string(),
    scopes: z.array(z.string()),
    locationIds: z.array(Id).nullable(),
    ratePerSecond: z.int().nullable(),
    expiresAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
  }),
  example: {
    keyId: ID,
    hash: 'u3v…',
    scopes: ['orders:write'],
    locationIds: null,
    ratePerSecond: 100,
    expiresAt: null,
    revokedAt: null,
  },
});
