import type { Envelope } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';

/** Writes what a service does about an event of identity, in the transaction that keeps the copy. */
type Follower = (events: readonly Envelope[], tx: Tx) => Promise<void>;

/** Tells a service of organizations, locations and keys, which the platform handles for it: an event has one handler. */
@Injectable()
export class IdentityNews {
  readonly #followers: Follower[] = [];

  /** Called with every slice of such events from now on; to be called as the service is made. */
  follow(follower: Follower): void {
    this.#followers.push(follower);
  }

  async tell(events: readonly Envelope[], tx: Tx): Promise<void> {
    for (const follower of this.#followers) await follower(events, tx);
  }
}
