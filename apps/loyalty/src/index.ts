export { eraseAgain, type ErasedAgain } from './customers/erase-again.js';
export { loyalty } from './loyalty.service.js';
