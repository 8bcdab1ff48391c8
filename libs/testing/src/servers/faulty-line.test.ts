import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import { beforeEach, expect, onTestFinished, test } from 'vitest';

import { testLine } from '../test-line.js';
import type { FaultyLine } from './faulty-line.js';

// A server that says what it heard.
let line: FaultyLine;
let heard: string;

beforeEach(async () => {
  heard = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        heard += bytes.toString();
        socket.write(bytes);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  line = await testLine(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, { remembers: true });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});

test('carries what is said, both ways, and remembers what clients said', async () => {
  const guest = await call();
  expect(await guest.ask('a margherita')).toBe('a margherita');
  expect(line.said).toBe('a margherita');
});

test('that is cut breaks connections and takes no new one, until it is healed', async () => {
  const guest = await call();
  line.cut();
  await guest.ended;
  await (
    await call()
  ).ended;
  line.heal();
  expect(await (await call()).ask('again')).toBe('again');
});

test('is cut before an answer that is feared, once, and lets other answers through', async () => {
  line.cutBefore(/calzone/);
  const guest = await call();
  expect(await guest.ask('a margherita')).toBe('a margherita');
  guest.say('a calzone');
  await guest.ended;
  expect([line.isCut, line.cutAnswers, heard]).toEqual([true, 1, 'a margheritaa calzone']);
  line.heal();
  expect(await (await call()).ask('a calzone')).toBe('a calzone');
});

test('that is mute lets the server hear, and nobody hear it; healed, that connection is broken and a new one good', async () => {
  const guest = await call();
  line.goMute();
  guest.say('capture');
  await expect.poll(() => heard).toBe('capture');
  expect(guest.heard).toBe('');
  line.heal();
  await guest.ended;
  expect(await (await call()).ask('again')).toBe('again');
});

test('that is dead lets nothing through and tells nobody', async () => {
  const [guest, other] = [await call(), await call()];
  line.goDead();
  guest.say('hello?');
  await expect.poll(() => line.said).toBe('hello?');
  expect([heard, guest.heard]).toEqual(['', '']);
  // Whoever said nothing meanwhile lost nothing.
  line.heal();
  expect(await other.ask('here I am')).toBe('here I am');
});

test('that is late delivers every answer, in order, so many milliseconds later', async () => {
  const guest = await call();
  line.delay(200);
  const start = performance.now();
  guest.say('one ');
  guest.say('two ');
  await expect.poll(() => guest.heard).toBe('one two ');
  expect(performance.now() - start).toBeGreaterThan(195);
  expect(heard).toBe('one two ');
});

test('that is narrow lets so many bytes a second through', async () => {
  const guest = await call();
  line.narrow(10_000);
  const start = performance.now();
  await guest.ask('x'.repeat(2_000));
  expect(performance.now() - start).toBeGreaterThan(390);
});

test('that garbles answers with what nobody understands', async () => {
  const guest = await call();
  line.garble();
  expect(await guest.ask('approved')).toBe('garbage ');
  expect(heard).toBe('approved');
});

/** Calls the server over the line. */
async function call() {
  const socket = connect(line.port, '127.0.0.1');
  const guest = {
    heard: '',
    ended: new Promise<void>((resolve) => socket.on('close', () => resolve())),
    say: (text: string) => void socket.write(text),
    /** Resolves to an answer as long as what was said. */
    async ask(text: string): Promise<string> {
      guest.heard = '';
      socket.write(text);
      await expect.poll(() => guest.heard.length).toBe(text.length);
      return guest.heard;
    },
  };
  socket.on('error', () => undefined).on('data', (bytes) => (guest.heard += bytes.toString()));
  await Promise.race([new Promise((resolve) => socket.on('connect', resolve)), guest.ended]);
  onTestFinished(() => void socket.destroy());
  return guest;
}
