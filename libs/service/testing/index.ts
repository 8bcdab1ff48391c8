export * from './expect-contract.js';
export * from './expect-tenancy.js';
export * from './test-service.js';
