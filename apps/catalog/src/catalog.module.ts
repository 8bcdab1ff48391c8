import { Module } from '@nestjs/common';
import { draftsController } from './drafts/drafts.controller.js';
import { KINDS } from './drafts/kinds.js';

@Module({ controllers: KINDS.map(draftsController) })
export class CatalogModule {}
