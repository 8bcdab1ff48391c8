export * from './catalog/menu.js';
export * from './catalog/prices.js';
export * from './catalog/drafts.js';
export * from './catalog/schedules.js';
export * from './catalog/location-groups.js';
export * from './catalog/overrides.js';
export * from './catalog/availability.js';
export * from './catalog/import.js';
