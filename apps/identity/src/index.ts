export { identity } from './identity.service.js';
export { foundOrganization } from './organizations/found-organization.js';
