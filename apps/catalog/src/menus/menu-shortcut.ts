import { ReadMenu } from '@comanda/contracts';
import { Credentials } from '@comanda/platform';
import type { MakeShortcut } from '@comanda/service';
import { languagesIn } from './in-languages.js';
import { menuHeaders } from './menu-headers.js';
import { MenusOnSale } from './menus-on-sale.js';
import { holds } from './not-modified.js';

/**
 * The whole menu that a location sells from, for a caller whose key was proven a moment ago and who may read as much as they
 * like: the bytes as they were stored, out of memory.
 */
export const menuShortcut: MakeShortcut = (app) => {
  const credentials = app.get(Credentials);
  const onSale = app.get(MenusOnSale);
  return ({ method, url = '', headers }, response) => {
    const locationId = method === 'GET' ? PATH.exec(url)?.[1] : undefined;
    if (locationId === undefined) return undefined;
    const caller = credentials.proven(headers.authorization);
    if (!caller?.scopes.has('catalog:read') || caller.ratePerSecond !== null) return undefined;
    if (caller.locations && !caller.locations.has(locationId)) return undefined;
    const menu = onSale.atHand(caller.organizationId, locationId);
    if (!menu || languagesIn(headers['accept-language']).length > 0) return undefined;
    const described = menuHeaders(menu.hash);
    if (holds(headers['if-none-match'], described.etag)) response.writeHead(304, described).end();
    else response.writeHead(200, { ...described, 'content-length': menu.body.length }).end(menu.body);
    return ReadMenu;
  };
};

const PATH = /^\/v1\/catalog\/locations\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\/menu$/;
