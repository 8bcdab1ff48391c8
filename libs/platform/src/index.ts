export * from './refusal.js';
export * from './database/faults.js';
export * from './database/transaction.js';
