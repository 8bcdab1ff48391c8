import { ApiProblem, type Comanda } from '@comanda/client';
import { collect } from './output.js';

/** The names of locations by their ids. */
export type Places = ReadonlyMap<string, string>;

/** The locations of the key, or the one that was asked for; without names for a key that may not read them. */
export async function placesOf(comanda: Comanda, locationId?: string): Promise<Places> {
  const asked = new Map(locationId === undefined ? [] : [[locationId, locationId] as const]);
  try {
    const all = new Map((await collect(comanda.all('/v1/identity/locations'))).map(({ id, name }) => [id, name]));
    return locationId === undefined ? all : new Map([[locationId, all.get(locationId) ?? locationId]]);
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'scope_missing') return asked;
    throw error;
  }
}
