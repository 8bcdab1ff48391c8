/** The version of this checkout: all packages have the same. */
export const VERSION = '0.1.0';
