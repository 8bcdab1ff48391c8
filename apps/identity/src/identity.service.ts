import {
  ChangeLocation,
  ChangeOrganization,
  ChangeStaff,
  CreateKey,
  CreateLocation,
  CreateStaff,
  ListKeys,
  ListLocations,
  ListStaff,
  ReadLocation,
  ReadOrganization,
  RevokeKey,
} from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Identity1760100000000 } from '../migrations/1760100000000-identity.js';
import { Policies1763930000001 } from '../migrations/1763930000001-policies.js';
import { IdentityModule } from './identity.module.js';
import { ApiKeyRow } from './keys/api-key.entity.js';
import { LocationRow } from './locations/location.entity.js';
import { OrganizationRow } from './organizations/organization.entity.js';
import { StaffMemberRow } from './staff/staff-member.entity.js';

/** Who there is: organizations, locations, staff, and the keys that stand for them. */
export const identity: ServiceDefinition = {
  name: 'identity',
  module: IdentityModule,
  entities: [OrganizationRow, LocationRow, StaffMemberRow, ApiKeyRow],
  migrations: [Identity1760100000000, Policies1763930000001],
  consumes: [],
  endpoints: [
    ReadOrganization,
    ChangeOrganization,
    CreateLocation,
    ListLocations,
    ReadLocation,
    ChangeLocation,
    CreateStaff,
    ListStaff,
    ChangeStaff,
    CreateKey,
    ListKeys,
    RevokeKey,
  ],
};
