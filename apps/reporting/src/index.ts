export { rebuild, type Rebuilt } from './rebuild.js';
export { reporting } from './reporting.service.js';
