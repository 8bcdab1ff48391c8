import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '@comanda/contracts/words';
import { CannotRun } from '@comanda/faults/broken';
import { kafkaFolder } from '@comanda/testing/servers';
import { imageOf, testImageOf, VERSIONS } from './images.js';
import type { Loader } from './loader.js';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));
const OWN = fileURLToPath(new URL('../../../images/', import.meta.url));

const PROGRAMS = [...SERVICES, 'comanda'];

/**
 * Builds every image of the test and brings it to the nodes: the platform's in both versions, the provider's, and the stores'.
 * @returns how many there are
 * @throws CannotRun where Kafka's jars are missing
 */
export async function prepareImages(loader: Loader, say: (step: string) => void): Promise<number> {
  const jars = join(kafkaFolder(), 'libs');
  if (!existsSync(jars)) throw new CannotRun(`Kafka's jars are not in ${jars}: npm test fetches them.`);
  say('preparing what images are made from');
  const bases = await loader.bases();
  const ofStores = { ...(bases.BASE && { BASE: bases.BASE }) };
  const kafka = await mkdtemp(join(tmpdir(), 'comanda-kafka-image-'));
  try {
    await Promise.all([
      cp(join(OWN, 'kafka'), kafka, { recursive: true }),
      cp(jars, join(kafka, 'libs'), { recursive: true }),
    ]);
    const stores = ['postgres', 'redis', 'haproxy', 'kafka'].map((store) => ({
      name: testImageOf(store),
      context: store === 'kafka' ? kafka : join(OWN, store),
      args: ofStores,
    }));
    const ours = VERSIONS.flatMap((version) =>
      [...PROGRAMS, ...(version === 'v1' ? ['sandbox-psp'] : [])].map((program) => ({
        name: imageOf(program, version),
        context: ROOT,
        args: { ...bases, SERVICE: program, VERSION: version },
      })),
    );
    const all = [...stores, ...ours];
    for (const recipe of all) {
      say(`building ${recipe.name}`);
      await loader.build(recipe);
    }
    say('bringing them to the nodes');
    await loader.load();
    return all.length;
  } finally {
    await rm(kafka, { recursive: true, force: true });
  }
}
