/**
 * The headers of a menu that is on sale now.
 * @param part what of the menu it is, in which language; nothing for the whole
 */
export const menuHeaders = (hash: string, part = '') => ({
  etag: `"${hash}${part}"`,
  'cache-control': REVALIDATE,
  'content-type': JSON_TYPE,
  vary: 'accept-language',
});

export const JSON_TYPE = 'application/json; charset=utf-8';
export const REVALIDATE = 'private, no-cache';
