export { payments } from './payments.service.js';
