import { Module } from '@nestjs/common';
import { draftsController } from './drafts/drafts.controller.js';
import { KINDS } from './drafts/kinds.js';
import { OverridesController } from './overrides/overrides.controller.js';

@Module({ controllers: [...KINDS.map(draftsController), OverridesController] })
export class CatalogModule {}
