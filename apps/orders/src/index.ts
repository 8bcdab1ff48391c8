export { orders } from './orders.service.js';
