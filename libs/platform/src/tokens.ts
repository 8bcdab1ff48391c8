/** Injection tokens of what a service is given at its start. A `DataSource` injected by its class is the app role's. */
export const WORKER_DATABASE = Symbol('worker database');
export const RATE_LIMITER = Symbol('rate limiter');
export const CACHE = Symbol('cache');
export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
export const METRICS = Symbol('metrics');
