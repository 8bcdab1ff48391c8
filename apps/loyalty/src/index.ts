export { loyalty } from './loyalty.service.js';
