import { fileURLToPath } from 'node:url';

/** Programs of this package that run on the cluster. */
export type ProgramName = 'balancer' | 'guests';

/** Puts a built program and all that it needs into one file, small enough for a config map. */
async function pack(name: ProgramName): Promise<string> {
  const { rolldown } = await import('rolldown');
  const input = fileURLToPath(new URL(`${name}/main.js`, import.meta.url));
  // pg looks for a driver in C that nobody here has.
  const bundle = await rolldown({ input, platform: 'node', external: ['pg-native'], onLog: () => undefined });
  const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false });
  await bundle.close();
  return output[0].code;
}

/** The config map that brings a program to its pods. */
export const programMap = async (name: ProgramName): Promise<object> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `${name}-program` },
  data: { [`${name}.mjs`]: await pack(name) },
});
