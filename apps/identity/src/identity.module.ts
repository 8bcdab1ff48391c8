import { Module } from '@nestjs/common';
import { KeysController } from './keys/keys.controller.js';
import { LocationsController } from './locations/locations.controller.js';
import { OrganizationsController } from './organizations/organizations.controller.js';
import { StaffController } from './staff/staff.controller.js';

@Module({ controllers: [OrganizationsController, LocationsController, StaffController, KeysController] })
export class IdentityModule {}
