/** Tells whoever waits how far it is, on stderr. */
export class Progress {
  readonly #start = performance.now();

  say(step: string): void {
    const seconds = Math.round((performance.now() - this.#start) / 1_000);
    process.stderr.write(`${String(seconds).padStart(6)} s  ${step}\n`);
  }
}
