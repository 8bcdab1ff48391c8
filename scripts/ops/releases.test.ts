import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { Mistyped, releases } from './releases.ts';

const release = (namespace: string, version: string, status = 'deployed') => ({
  name: 'comanda',
  namespace,
  revision: '3',
  updated: '2026-11-20 19:00:00',
  status,
  chart: `comanda-${version}`,
  app_version: version,
});

/** A Helm that knows these releases in each context, and complains in every other. */
async function helmThatKnows(known: Record<string, object[]>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-helm-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const cases = Object.entries(known).map(([context, found]) => `${context}) echo '${JSON.stringify(found)}';;`);
  const script = `#!/bin/sh\ncase "$HELM_KUBECONTEXT" in\n${cases.join('\n')}\n*) echo 'Error: no such context' >&2; exit 1;;\nesac\n`;
  await writeFile(join(folder, 'helm'), script);
  await chmod(join(folder, 'helm'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe('which version is deployed where', () => {
  test('is told of every context; what most have is right, and what is of another chart is left out', async () => {
    const other = { ...release('dns', '1.0.0'), chart: 'coredns-1.0.0' };
    await helmThatKnows({
      north: [release('chicago', '0.2.0'), release('boston', '0.1.0'), other],
      south: [release('austin', '0.2.0'), release('dallas', '0.2.0', 'pending-upgrade')],
    });
    const found = await releases({ contexts: ['north', 'south'] });
    expect(found.map(({ context, namespace, version, drift }) => [context, namespace, version, drift])).toEqual([
      ['north', 'chicago', '0.2.0', 'none'],
      ['north', 'boston', '0.1.0', 'other version'],
      ['south', 'austin', '0.2.0', 'none'],
      ['south', 'dallas', '0.2.0', 'unfinished'],
    ]);
  });

  test('is held against the version that should be', async () => {
    await helmThatKnows({ north: [release('chicago', '0.2.0')] });
    const [found] = await releases({ contexts: ['north'], expected: '0.3.0' });
    expect(found).toMatchObject({ version: '0.2.0', drift: 'other version' });
  });

  test('what Helm complains of is said', async () => {
    await helmThatKnows({});
    await expect(releases({ contexts: ['west'] })).rejects.toThrow(
      'Helm could not be asked about west: Error: no such context',
    );
  });

  test.each(['$(touch here)', 'a b', '`id`', '-o', ''])('%o is no name, and reaches no shell', async (name) => {
    await expect(releases({ contexts: [], namespace: name })).rejects.toThrow(Mistyped);
    await expect(releases({ contexts: [name] })).rejects.toThrow(Mistyped);
  });
});
