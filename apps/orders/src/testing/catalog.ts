import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Menu } from '@comanda/contracts';
import { canonicalJson } from '@comanda/platform';

/** Catalog, as far as orders knows it: another service that answers with menus, late, wrongly, or not at all. */
export class Catalog {
  /** How it answers when it does not answer with the menu: a status, or a body. */
  failing: number | 'silence' | object | undefined;
  /** What it was asked: the path, and with which credential. */
  readonly asked: { path: string; authorization: string | undefined }[] = [];
  readonly #menus = new Map<string, Menu>();
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  publish(menu: Menu): void {
    this.#menus.set(`/v1/catalog/locations/${menu.locationId}/menus/${menu.hash}`, menu);
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    this.asked.push({ path: url, authorization: headers.authorization });
    const { failing } = this;
    if (failing === 'silence') return;
    if (typeof failing === 'number') return void response.writeHead(failing).end();
    const body = failing ?? this.#menus.get(url);
    if (!body) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/json' }).end(canonicalJson(body));
  }
}
