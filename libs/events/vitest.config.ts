import { availableParallelism } from 'node:os';
import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

/** Most of these tests wait for a session or a lease to end: two at once use the cores that one would leave idle. */
export default mergeConfig(shared, defineConfig({ test: { maxWorkers: Math.max(2, availableParallelism() - 1) } }));
