import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CpuProfile } from './cpu-profile.js';

/** Profiles another process, whose inspector listens, from now on. */
export async function startProfile(inspector: string): Promise<{ finish(file: string): Promise<CpuProfile> }> {
  const session = await InspectorSession.open(inspector);
  await session.ask('Profiler.enable');
  await session.ask('Profiler.setSamplingInterval', { interval: 1_000 });
  await session.ask('Profiler.start');
  return {
    /** Ends it and keeps it in a file, for the developer tools of a browser or for speedscope. */
    async finish(file) {
      const { profile } = (await session.ask('Profiler.stop')) as { profile: CpuProfile };
      session.close();
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, JSON.stringify(profile));
      return profile;
    },
  };
}

/** What is asked of V8 by the protocol of the developer tools: a number goes out with each question, and comes back. */
class InspectorSession {
  #asked = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id, result, error } = JSON.parse(String(data)) as {
        id?: number;
        result?: unknown;
        error?: { message: string };
      };
      const waiting = this.#waiting.get(id ?? -1);
      this.#waiting.delete(id ?? -1);
      if (error) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result);
    });
  }

  static async open(url: string): Promise<InspectorSession> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new InspectorSession(socket);
  }

  ask(method: string, params: object = {}): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    const id = ++this.#asked;
    this.#waiting.set(id, answer);
    this.socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  }

  close(): void {
    this.socket.close();
  }
}
