import { z } from 'zod';
import { defineEndpoint, type Endpoint } from '../endpoint.js';
import { Page, PageQuery } from '../paging.js';
import { Id } from '../primitives.js';

const DraftParams = z.strictObject({ id: Id });

/** The five routes of one kind of draft object: make, list, read, change, archive. */
export function draftCollection<
  Resource extends z.ZodObject,
  New extends z.ZodObject,
  Change extends z.ZodObject,
>(described: {
  /** In camel case, as in `createModifierGroup`. */
  name: string;
  plural: string;
  /** In a sentence: `a modifier group`, `modifier groups`. */
  noun: { one: string; many: string };
  path: string;
  resource: Resource;
  new: New;
  change: Change;
  example: NonNullable<Endpoint<undefined, undefined, New>['example']>;
}) {
  const { name, plural, noun, resource } = described;
  const path = `/v1/catalog/${described.path}`;
  return {
    create: defineEndpoint({
      id: `create${name}`,
      method: 'POST',
      path,
      summary: `Drafts ${noun.one}. Nobody sells from it until it is published.`,
      scope: 'catalog:write',
      idempotent: true,
      body: described.new,
      answer: resource,
      refusals: ['id_taken', 'sku_taken', 'reference_unknown'],
      example: described.example,
    }),
    list: defineEndpoint({
      id: `list${plural}`,
      method: 'GET',
      path,
      summary: `The ${noun.many}, in the order of their ids: of those made here, oldest first. Archived ones are left out.`,
      scope: 'catalog:read',
      query: PageQuery,
      answer: Page(`${name}Page`, resource),
    }),
    read: defineEndpoint({
      id: `read${name}`,
      method: 'GET',
      path: `${path}/{id}`,
      summary: `One of the ${noun.many}, as drafted.`,
      scope: 'catalog:read',
      params: DraftParams,
      answer: resource,
    }),
    change: defineEndpoint({
      id: `change${name}`,
      method: 'PATCH',
      path: `${path}/{id}`,
      summary: `Changes ${noun.one}; what is left out stays, a list that is given replaces the whole list.`,
      scope: 'catalog:write',
      params: DraftParams,
      concurrency: 'required',
      body: described.change,
      answer: resource,
      refusals: ['id_taken', 'sku_taken', 'reference_unknown'],
    }),
    archive: defineEndpoint({
      id: `archive${name}`,
      method: 'DELETE',
      path: `${path}/{id}`,
      summary: `Takes ${noun.one} out of the drafts. Menus that were published keep it.`,
      scope: 'catalog:write',
      params: DraftParams,
      concurrency: 'required',
      status: 204,
      refusals: ['resource_in_use'],
    }),
  };
}
