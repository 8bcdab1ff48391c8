import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** What others find the demo by: `.comanda/demo.json`. */
export const Demo = z.object({
  baseUrl: z.string(),
  organizationId: z.string(),
  apiKey: z.string(),
  locations: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Demo = z.infer<typeof Demo>;

/** How the commands that need databases and broker find those of the running platform. */
const Runtime = z.object({ pid: z.int(), baseUrl: z.string(), environment: z.record(z.string(), z.string()) });
export type Runtime = z.infer<typeof Runtime>;

/** The folder in which a platform keeps its state: `.comanda`, or `COMANDA_HOME`. */
export class Home {
  readonly folder: string;

  constructor(environment: NodeJS.ProcessEnv = process.env) {
    this.folder = resolve(environment['COMANDA_HOME'] || '.comanda');
  }

  get postgres(): string {
    return join(this.folder, 'postgres');
  }

  get prometheus(): string {
    return join(this.folder, 'prometheus');
  }

  /** The installation's root secret: made once, readable by its owner alone. `COMANDA_SECRET` comes first. */
  async secret(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
    if (environment['COMANDA_SECRET']) return environment['COMANDA_SECRET'];
    const file = join(this.folder, 'secret');
    const known = await read(file);
    if (known) return known.trim();
    const made = randomBytes(32).toString('base64url');
    await mkdir(this.folder, { recursive: true });
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  }

  readonly demo = {
    read: (): Promise<Demo | undefined> => this.#read('demo.json', Demo),
    write: (demo: Demo): Promise<void> => this.#write('demo.json', demo),
  };

  readonly runtime = {
    read: (): Promise<Runtime | undefined> => this.#read('runtime.json', Runtime),
    write: (runtime: Runtime): Promise<void> => this.#write('runtime.json', runtime),
    remove: (): Promise<void> => rm(join(this.folder, 'runtime.json'), { force: true }),
  };

  /** The platform that runs here, if one does. */
  async running(): Promise<Runtime | undefined> {
    const noted = await this.runtime.read();
    return noted && isAlive(noted.pid) ? noted : undefined;
  }

  async #read<S extends z.ZodType>(name: string, schema: S): Promise<z.output<S> | undefined> {
    const text = await read(join(this.folder, name));
    return text === undefined ? undefined : schema.parse(JSON.parse(text));
  }

  /** Whole or not at all: another command may be reading it. */
  async #write(name: string, content: object): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = join(this.folder, name);
    await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
