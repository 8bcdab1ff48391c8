/** The version of this checkout. */
export const VERSION = '0.1.0';
