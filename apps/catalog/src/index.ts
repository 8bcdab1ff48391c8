export { catalog } from './catalog.service.js';
