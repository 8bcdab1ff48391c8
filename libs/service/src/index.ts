export * from './definition.js';
export * from './event-log.js';
export * from './identity-copy/identity-news.js';
export * from './identity-copy/known-location.entity.js';
export * from './identity-copy/known-locations.js';
export * from './readiness.js';
export * from './service.js';
export * from './run.js';
