export { inventory } from './inventory.service.js';
