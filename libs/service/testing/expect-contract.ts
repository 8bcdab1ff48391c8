import { ENDPOINTS } from '@comanda/contracts';
import { expect } from 'vitest';
import type { TestService } from './test-service.js';

/** Compares what the service serves, and what its document says, with the contract: nothing is missing, nothing unsaid. */
export async function expectContract({ service }: Pick<TestService, 'service'>): Promise<void> {
  const own = Object.entries(ENDPOINTS).find(([name]) => name === service.name)?.[1] ?? [];
  const promised = own.map(({ method, path }) => `${method} ${path}`).toSorted();
  const served = service.routes.all().filter((route) => route.includes('/v1/'));
  expect(served).toEqual(promised.map((route) => route.replaceAll(/\{(\w+)\}/g, ':$1')).toSorted());
  const described = await service.app.inject('/openapi.json');
  const { paths } = described.json<{ paths: Record<string, object> }>();
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.toSorted()).toEqual(promised);
}
