// What a command line must know before it knows what it is to do, without the endpoints and events, which take longer to
// load than all else.
export * from './order-status.js';
export * from './scopes.js';
export * from './services.js';
export * from './version.js';
