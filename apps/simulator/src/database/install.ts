import type { ClientConfig } from 'pg';
import { moduleOf } from '../world/surroundings.js';
import { processOfNow } from '../world/world.js';
import { type FindServer, SimulatedClient } from './client.js';

/** Puts simulated connections under everything that uses PostgreSQL's driver, TypeORM too. Before anything has loaded it. */
export function installDriver(findServer: FindServer): void {
  const pg = moduleOf('@comanda/platform', 'pg') as unknown as {
    Client: new (config?: ClientConfig) => object;
    Pool: object;
  };
  const Real = pg.Client;
  // Outside of the simulated world it is the driver's own.
  const Client = function (config: ClientConfig): object {
    const process = processOfNow();
    return process ? new SimulatedClient(config, process, findServer) : new Real(config);
  };
  // The driver's pool takes the client that it opens as an argument; its own subclass gives it the real one.
  const Pool = Object.getPrototypeOf(pg.Pool) as new (config: ClientConfig, client: object) => object;
  pg.Client = Client as never;
  pg.Pool = class extends Pool {
    constructor(config: ClientConfig) {
      super(config, Client);
    }
  };
}
