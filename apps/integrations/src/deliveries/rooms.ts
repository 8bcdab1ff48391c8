/** How much is on its way to each endpoint, and which of them rest: a slow or dead one takes up nobody else's time. */
export class Rooms {
  /** How many requests an endpoint gets at once. */
  static readonly most = 8;

  readonly #inside = new Map<string, number>();
  readonly #resting = new Map<string, { failures: number; until: number }>();

  enter(endpointId: string): void {
    this.#inside.set(endpointId, (this.#inside.get(endpointId) ?? 0) + 1);
  }

  /** One that fails time and again rests, twice as long each time, up to a minute; one success and it is as before. */
  leave(endpointId: string, worked: boolean, now = Date.now()): void {
    const inside = (this.#inside.get(endpointId) ?? 1) - 1;
    if (inside > 0) this.#inside.set(endpointId, inside);
    else this.#inside.delete(endpointId);
    if (worked) {
      this.#resting.delete(endpointId);
      return;
    }
    const failures = (this.#resting.get(endpointId)?.failures ?? 0) + 1;
    const rest = failures < PATIENCE ? 0 : Math.min(LONGEST, FIRST * 2 ** (failures - PATIENCE));
    this.#resting.set(endpointId, { failures, until: now + rest });
  }

  /** How many more each endpoint may get, of those that may not get all. */
  taken(now = Date.now()): Record<string, number> {
    const rooms: Record<string, number> = {};
    for (const [endpointId, inside] of this.#inside) rooms[endpointId] = Rooms.most - inside;
    for (const [endpointId, { failures, until }] of this.#resting) {
      if (until > now) rooms[endpointId] = 0;
      // After a rest a single request finds out whether it is any better.
      else if (failures >= PATIENCE) rooms[endpointId] = Math.max(0, 1 - (this.#inside.get(endpointId) ?? 0));
    }
    return rooms;
  }
}

/** Failures in a row before an endpoint rests. */
const PATIENCE = 8;
/** Milliseconds. */
const FIRST = 500;
const LONGEST = 60_000;
