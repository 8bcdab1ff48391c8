export { integrations } from './integrations.service.js';
