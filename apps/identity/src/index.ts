export { identity } from './identity.service.js';
export { mintKey, type NewKey } from './keys/keys.js';
export { createOrganization } from './organizations/organizations.js';
