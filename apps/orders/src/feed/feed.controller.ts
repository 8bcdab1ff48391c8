import { FollowOrders } from '@comanda/contracts';
import { Call, type CallOf, Credentials, Endpoint, inTransaction, Refusal, requireLocation } from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { before, readCursor } from './cursor.js';
import { changesAfter, oldestGoingOn } from './feed.store.js';
import { Follower } from './follower.js';
import { Followers } from './followers.js';

@Controller()
export class FeedController {
  constructor(
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
    private readonly credentials: Credentials,
    private readonly followers: Followers,
  ) {}

  @Endpoint(FollowOrders)
  async follow(
    @Call() { caller, query }: CallOf<typeof FollowOrders>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { organizationId } = caller;
    const { locationId } = query;
    requireLocation(caller, locationId);
    if (!(await this.locations.find(organizationId, locationId)))
      throw new Refusal('not_found', 'There is no such location.');
    const asked = readCursor(request.headers['last-event-id']);
    const now = await inTransaction(this.db, organizationId, oldestGoingOn);
    // A place that has not come yet is one of a database that has been restored to an earlier state.
    const reset = asked !== undefined && asked.transaction > now;
    const follower = new Follower(reply.raw, locationId, (cursor, limit) =>
      inTransaction(this.db, organizationId, (tx) => changesAfter(tx, locationId, cursor, limit)),
    );
    const { authorization } = request.headers;
    this.followers.welcome(follower, reset ? before(now) : (asked ?? before(now)), {
      reset,
      mayStay: () => this.credentials.callerOf(authorization),
    });
    // From here on the answer is the stream's.
    reply.hijack();
  }
}
