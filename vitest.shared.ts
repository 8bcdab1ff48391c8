import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

import { ProjectReporter } from './scripts/test/report.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Tests run from source: `@comanda/source` comes first, then what Vite would have used (it replaces its defaults when any are named). */
const conditions = ['@comanda/source', 'module', 'node', 'development|production'];

/** The one test configuration of every package. A test that waits for a deadline says so itself; the rest are quick. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--disable-warning=TimeoutNegativeWarning'], // kafkajs; harmless
    testTimeout: 30_000,
    hookTimeout: 120_000,
    passWithNoTests: true,
    fsModuleCache: true,
    isolate: false,
    setupFiles: [`${root}libs/testing/src/fresh-modules.ts`],
    globalSetup: `${root}libs/testing/src/global-setup.ts`,
    reporters: ['default', new ProjectReporter(root)],
  },
});
