import { createHash } from 'node:crypto';
import { ALL_SCOPES, type Endpoint } from '@comanda/contracts';
import {
  Answer,
  type Caller,
  canonicalJson,
  isInfrastructure,
  problemOf,
  Refusal,
  type Signed,
} from '@comanda/platform';
import type { ServiceProcess } from './service-process.js';

/** A request as a client sends it. */
export interface Request {
  readonly endpoint: Endpoint;
  readonly params?: object | undefined;
  readonly body?: unknown;
  readonly key?: string | undefined;
  readonly signed?: Signed;
}

/** What a client gets to see. */
export interface Response {
  readonly status: number;
  readonly body: unknown;
  readonly replayed: boolean;
}

/** Answers a request as the HTTP layer does: parsed by its endpoint, and every failure as a status. */
export async function answer(
  { definition, routes }: ServiceProcess,
  caller: Caller,
  { endpoint, params, body, key, signed }: Request,
): Promise<Response> {
  const route = routes.get(endpoint.id);
  if (!route)
    return { status: 503, body: { code: 'unavailable', detail: `${definition.name} starts.` }, replayed: false };
  try {
    const call = {
      endpoint,
      caller,
      params: endpoint.params?.parse(params ?? {}),
      query: undefined,
      body: endpoint.body?.parse(body),
      idempotency: key === undefined ? undefined : { key, hash: hashOf(endpoint, params, body) },
      ifMatch: undefined,
      signed,
    };
    const said = await route(call);
    const { body: told, options } = said instanceof Answer ? said : new Answer(said);
    const seen: unknown = JSON.parse(JSON.stringify(told ?? null));
    return { status: options.status ?? endpoint.status, body: seen, replayed: options.replayed === true };
  } catch (error) {
    return { ...refused(error), replayed: false };
  }
}

function refused(error: unknown): { status: number; body: unknown } {
  if (error instanceof Refusal) return { status: error.status, body: problemOf(error) };
  if (isInfrastructure(error)) return { status: 503, body: { code: 'unavailable' } };
  return {
    status: 500,
    body: { code: 'internal_error', detail: error instanceof Error ? error.stack : String(error) },
  };
}

const hashOf = (endpoint: Endpoint, params: unknown, body: unknown): string =>
  createHash('sha256')
    .update(canonicalJson([endpoint.id, params ?? {}, body ?? null]))
    .digest('base64url');

/** Who may do everything in an organization. */
export const callerOf = (organizationId: string, id: string): Caller => ({
  organizationId,
  id,
  kind: 'key',
  scopes: new Set(ALL_SCOPES),
  locations: null,
  ratePerSecond: null,
});
