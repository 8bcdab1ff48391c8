/** An order of the time after the crowd. */
export interface AfterwardsOrder {
  /** When it should have been sent, in milliseconds since the crowd was gone. */
  readonly at: number;
  /** Milliseconds from then until it was answered. */
  readonly took: number;
  readonly accepted: boolean;
}

/** A second is as before when all of its orders were accepted, and all but one in a hundred within this many milliseconds. */
export const AS_BEFORE = 250;

/** How soon guests are served as they were before: the first of three seconds in a row in which they were. */
export class Recovery {
  readonly #orders: AfterwardsOrder[] = [];

  note(order: AfterwardsOrder): void {
    this.#orders.push(order);
  }

  /** Seconds since the crowd was gone; `null` where it did not come to that while anybody looked. */
  seconds(): number | null {
    const bySecond = Map.groupBy(this.#orders, ({ at }) => Math.floor(at / 1000));
    const last = Math.max(...bySecond.keys());
    const good = (second: number): boolean => this.#isAsBefore(bySecond.get(second) ?? []);
    for (let second = 0; second + 2 <= last; second++)
      if (good(second) && good(second + 1) && good(second + 2)) return second;
    return null;
  }

  /** A second in which nobody came says nothing against it. */
  #isAsBefore(orders: readonly AfterwardsOrder[]): boolean {
    const late = orders.filter(({ accepted, took }) => !accepted || took > AS_BEFORE).length;
    return orders.every(({ accepted }) => accepted) && late <= Math.max(1, orders.length / 100);
  }
}
