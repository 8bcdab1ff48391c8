import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { command } from './command.js';
import { type Backend, backendsOf, configurationFor, nameOf, readyPods, SLOTS } from './haproxy.js';
import type { EndpointSlice, Ingress } from './objects.js';
import { type Slots, seat } from './slots.js';
import { list, watch } from './watch.js';

// The program beside HAProxy: `configure` writes its configuration and ends; `follow` tells it for ever who is ready.
const INGRESSES = 'networking.k8s.io/v1';
const SLICES = 'discovery.k8s.io/v1';

/** Whoever can connect there knows that HAProxy has been told of all pods. */
const READY = 8_081;

const say = (what: string): void => void process.stdout.write(`${new Date().toISOString()} ${what}\n`);

if (process.argv[2] === 'configure') await configure('/balancer/haproxy.cfg');
else await follow();

/** Waits until there is an Ingress: the balancer may stand before what it leads to. */
async function configure(file: string): Promise<void> {
  for (;;) {
    const ingresses = await list<Ingress>(INGRESSES, 'ingresses');
    if (backendsOf(ingresses.items).length > 0) {
      await writeFile(file, configurationFor(ingresses.items));
      return;
    }
    say('There is no Ingress yet.');
    await pause(1_000);
  }
}

async function follow(): Promise<void> {
  const backends = backendsOf((await list<Ingress>(INGRESSES, 'ingresses')).items);
  const seats = new Map<string, Slots>(backends.map((each) => [nameOf(each), Array(SLOTS).fill(undefined)]));
  const isReady = createServer((socket) => socket.end());
  for await (const slices of watch<EndpointSlice>(SLICES, 'endpointslices')) {
    for (const backend of backends) await bring(backend, slices, seats);
    if (!isReady.listening) isReady.listen(READY);
  }
}

/** A change that HAProxy has not taken is made again with the next one, or when it has come up. */
async function bring(backend: Backend, slices: readonly EndpointSlice[], seats: Map<string, Slots>): Promise<void> {
  const name = nameOf(backend);
  const { slots, commands } = seat(name, seats.get(name) ?? [], readyPods(backend, slices));
  for (const each of commands) {
    while (!(await command(each))) await pause(200);
    say(each);
  }
  seats.set(name, slots);
}
