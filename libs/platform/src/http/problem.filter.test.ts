import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { ServiceUnavailableException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../refusal.js';
import { bearer, type House, json, smallHouse } from '../testing/small-house.js';

let house: House;

beforeAll(async () => {
  house = await smallHouse();
});

beforeEach(() => {
  house.logged.length = 0;
  house.failing.halfway = false;
});

/** What is answered when a route's work throws this. */
const answerTo = (error: unknown) => {
  house.failing.error = error;
  return house.ask('POST', '/v1/failures');
};

const sqlError = (code: string) =>
  new QueryFailedError('insert', ['Ada Lovelace'], Object.assign(new Error('what the database says'), { code }));

describe('a refusal', () => {
  test('is told with its code, its sentence and its facts', async () => {
    const { status, headers, body } = await answerTo(
      new Refusal('countdown_exhausted', 'Two are left.', { left: 2 }, { retryAfter: 7 }),
    );
    expect([status, headers['content-type'], headers['retry-after']]).toEqual([
      409,
      'application/problem+json; charset=utf-8',
      '7',
    ]);
    expect(body).toEqual({
      type: 'urn:comanda:problem:countdown_exhausted',
      title: 'Not enough is left.',
      status: 409,
      code: 'countdown_exhausted',
      detail: 'Two are left.',
      left: 2,
    });
    expect(house.logged).toEqual([]);
    expect(await house.metrics()).toMatch(/^http_server_refusals_total\{code="countdown_exhausted",.*\} 1$/m);
  });

  test('cannot have its code or status overwritten by its facts', async () => {
    const { body } = await answerTo(
      new Refusal('id_taken', 'Taken.', { code: 'fine', status: 200, type: 'about:blank' }),
    );
    expect(body).toMatchObject({ code: 'id_taken', status: 409, type: 'urn:comanda:problem:id_taken' });
  });
});

describe('400', () => {
  test.each([
    ['a path that cannot be decoded', 'GET', '/%ff', undefined],
    ['a parameter that cannot be decoded', 'GET', '/v1/checks/%ff', undefined],
    ['a parameter that is far too long', 'GET', `/v1/checks/${'a'.repeat(300)}`, undefined],
    [
      'JSON that breaks off',
      'POST',
      '/v1/checks',
      { headers: { 'content-type': 'application/json' }, body: '{"covers":' },
    ],
    ['JSON of nothing', 'POST', '/v1/checks', { headers: { 'content-type': 'application/json' }, body: '' }],
  ])('%s', async (_, method, path, options) => {
    const { status, headers, body } = await house.ask(method, path, options);
    expect([status, body['code']]).toEqual([400, 'malformed_request']);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(house.logged).toEqual([]);
  });

  test('a client that hangs up in the middle of its body is no trouble of ours', async () => {
    const socket = dial(Number(new URL(house.url).port), '127.0.0.1');
    socket.write('POST /v1/checks HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\n');
    socket.write('content-length: 100\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    // By the time these have been answered, and logged, the other is over.
    for (let n = 0; n < 5; n++) await answerTo(new Error('a defect'));
    expect(house.logged.map(({ level }) => level)).toEqual(Array(5).fill('error'));
  });
});

describe('404 and 405', () => {
  test('a path of no route is not found, with whatever method', async () => {
    for (const method of ['GET', 'POST', 'OPTIONS', 'TRACE', 'QUERY']) {
      const { status, body } = await house.ask(method, '/v1/kitchens?x=1');
      expect([method, status, body['code']]).toEqual([method, 404, 'not_found']);
    }
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND'])(
    '%s on a path of other methods is told which',
    async (method) => {
      const { status, headers, body } = await house.ask(method, '/v1/checks?limit=1');
      expect([status, headers['allow'], body['code']]).toEqual([405, 'GET, POST', 'method_not_allowed']);
    },
  );

  test('HEAD is taken where GET is, and refused where it is not', async () => {
    expect(await house.ask('HEAD', '/v1/checks')).toMatchObject({ status: 200, text: '' });
    expect(await house.ask('HEAD', '/v1/failures')).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
      text: '',
    });
  });

  test('what else is wrong with a request comes after', async () => {
    const broken = { headers: { 'content-type': 'application/json' }, body: '{"covers":' };
    expect((await house.ask('PUT', '/v1/checks', broken)).status).toBe(405);
    expect((await house.ask('PUT', '/v1/kitchens', broken)).status).toBe(404);
  });

  test('a parameter is one step of a path, and never two', async () => {
    expect((await house.ask('PUT', '/v1/checks/12/lines')).status).toBe(404);
    expect((await house.ask('PUT', '/v1/checks/12')).headers['allow']).toBe('DELETE, GET, PATCH');
  });
});

describe('413 and 415', () => {
  test('a body of more than a mebibyte', async () => {
    const { status, body } = await house.ask('POST', '/v1/checks', json({ covers: 1, note: 'x'.repeat(2 ** 20) }));
    expect([status, body['code']]).toEqual([413, 'body_too_large']);
  });

  test('a spreadsheet of more than sixteen', async () => {
    const spreadsheet = { headers: { 'content-type': 'text/csv', 'idempotency-key': 'menu' } };
    const send = (bytes: number) =>
      house.ask('POST', '/v1/checks/import', { ...spreadsheet, body: Buffer.alloc(bytes, 'Margherita;12,50\n') });
    expect((await send(16 * 2 ** 20)).status).toBe(201);
    expect(await send(16 * 2 ** 20 + 1)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  });

  test.each([
    'application/xml',
    'text/csv',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    ';;;',
  ])('%s for a route of JSON', async (type) => {
    const { status, body } = await house.ask('POST', '/v1/checks', {
      headers: { 'content-type': type, authorization: bearer() },
      body: 'covers=1',
    });
    expect([status, body['code']]).toEqual([415, 'media_type_unsupported']);
  });

  test('JSON for a route of spreadsheets', async () => {
    const { status, body } = await house.ask('POST', '/v1/checks/import', json({ covers: 1 }));
    expect([status, body['code'], body['detail']]).toEqual([
      415,
      'media_type_unsupported',
      'This route takes text/csv.',
    ]);
  });
});

describe('500', () => {
  test('a defect is logged, and the guest is told nothing about it', async () => {
    const { status, text } = await answerTo(new Error('check 12 has no total'));
    expect(status).toBe(500);
    expect(text).not.toContain('total');
    expect(house.logged).toMatchObject([
      { level: 'error', code: 'internal_error', err: { message: 'check 12 has no total' } },
    ]);
  });

  test('an answer that breaks off half-way is cut, not taken for whole', async () => {
    house.failing.halfway = true;
    await expect(answerTo(new Error('the printer is out of paper'))).rejects.toThrow(/aborted|hang up/);
    expect(house.logged).toMatchObject([{ err: { message: 'the printer is out of paper' } }]);
  });

  test.each([
    ['a status that somebody else gave', Object.assign(new Error('no such intent'), { statusCode: 404 })],
    ['nothing at all', undefined],
    ['a text', 'oops'],
  ])('%s is a defect of ours', async (_, error) => {
    expect((await answerTo(error)).status).toBe(500);
  });

  test("a driver's error is logged without what the guest said", async () => {
    await answerTo(sqlError('23505'));
    expect(house.logged).toMatchObject([{ err: { code: '23505', message: 'what the database says' } }]);
    expect(JSON.stringify(house.logged)).not.toContain('Ada');
  });
});

describe('503', () => {
  test.each([
    ['a lock that somebody holds', sqlError('55P03'), '1'],
    ['a deadlock that went on', sqlError('40P01'), '2'],
    ['a server that shuts down', sqlError('57P01'), '2'],
    ['a server that takes no writes', sqlError('25006'), '2'],
    ['a full disk', sqlError('53100'), '2'],
    ['a server that is away', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), '2'],
    ['a full pool', new Error('timeout exceeded when trying to connect'), '2'],
    ['a framework that says so', new ServiceUnavailableException(), '2'],
  ])('%s says when to come back', async (_, error, seconds) => {
    const { status, headers, body } = await answerTo(error);
    expect([status, body['code'], headers['retry-after']]).toEqual([503, 'unavailable', seconds]);
    expect(house.logged).toMatchObject([{ level: 'warn' }]);
  });
});

describe('what fits the schema and still not the database', () => {
  test.each([
    ['22003', 422, 'amount_too_large'],
    ['22008', 422, 'time_not_allowed'],
    ['22021', 400, 'malformed_request'],
    ['22P05', 400, 'malformed_request'],
  ])('%s is refused with %i', async (state, status, code) => {
    expect(await answerTo(sqlError(state))).toMatchObject({ status, body: { code } });
  });
});
