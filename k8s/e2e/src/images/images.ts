/** The version that is installed, and the one that follows. */
export const VERSIONS = ['v1', 'v2'] as const;
export type Version = (typeof VERSIONS)[number];

const REGISTRY = 'localhost';
const PREFIX = 'comanda-';

/** An image of the project, as the chart names it. */
export const imageOf = (program: string, version: Version): string => `${REGISTRY}/${PREFIX}${program}:${version}`;

/** An image that only this test has. */
export const testImageOf = (store: string): string => `${REGISTRY}/${PREFIX}e2e-${store}:1`;
