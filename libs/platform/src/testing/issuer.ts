import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

/** An issuer of tokens on true HTTP: discovery, keys, and a pen. */
export interface Issuer {
  readonly url: string;
  /** How often its keys were asked for. */
  readonly asked: { discovery: number; keys: number };
  /** Answers in its place from now on; undefined gives it back. */
  answer: RequestListener | undefined;
  /** Signs a token for Comanda that is good for a minute, unless the claims say otherwise. */
  sign(claims?: Record<string, unknown>, header?: { alg?: string; kid?: string }): Promise<string>;
  /** Takes another key; the old one is forgotten. */
  rotate(): Promise<void>;
}

/** Opens an issuer for the length of a test. */
export async function openIssuer(): Promise<Issuer> {
  let pair = await makePair('key 1');
  const asked = { discovery: 0, keys: 0 };
  const server = createServer((request, response) => {
    if (issuer.answer) return issuer.answer(request, response);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      asked.discovery++;
      return response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }));
    }
    asked.keys++;
    return response.end(JSON.stringify({ keys: [pair.jwk] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: undefined,
    sign: (claims = {}, header = {}) =>
      new SignJWT({ iss: issuer.url, aud: 'comanda', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: pair.kid, ...header })
        .sign(pair.key),
    async rotate() {
      pair = await makePair('key 2');
    },
  };
  return issuer;
}

async function makePair(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { kid, key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } };
}
