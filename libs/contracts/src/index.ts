export * from './primitives.js';
export * from './problems.js';
export * from './scopes.js';
export * from './services.js';
export * from './paging.js';
export * from './endpoint.js';
export * from './event.js';
