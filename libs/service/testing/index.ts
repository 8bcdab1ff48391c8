export * from './expect-tenancy.js';
export * from './test-service.js';
