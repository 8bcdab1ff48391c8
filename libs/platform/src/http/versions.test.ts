import { beforeAll, describe, expect, test } from 'vitest';
import { type House, json, smallHouse } from '../testing/small-house.js';

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

let house: House;

beforeAll(async () => {
  house = await smallHouse();
});

/** Moves a check that is at table 12, in version 7. */
const move = (body: object, headers?: Record<string, string>) =>
  house.ask('PUT', `/v1/checks/${ID}/table`, json({ table: '14', ...body }, headers));

describe('a change of something that others change too', () => {
  test.each([
    ['in If-Match', {}, { 'if-match': '"7"' }],
    ['in the body', { version: 7 }, undefined],
  ])('is made with the version that was read %s, and answered with the next', async (_, body, headers) => {
    const said = await move(body, headers);
    expect(said).toMatchObject({ status: 200, body: { table: '14', version: 8 } });
    expect(said.headers['etag']).toBe('"8"');
  });

  test.each([
    ['older', 6],
    ['newer than there is', 8],
  ])('with a version that is %s is refused with what it is now', async (_, version) => {
    expect(await move({ version })).toMatchObject({
      status: 412,
      body: {
        code: 'version_stale',
        detail: `This has changed since version ${version}: it is now version 7.`,
        current: { id: ID, table: '12', version: 7 },
      },
    });
  });

  test('with two versions is judged by the one in If-Match', async () => {
    expect((await move({ version: 7 }, { 'if-match': '"6"' })).status).toBe(412);
    expect((await move({ version: 6 }, { 'if-match': '"7"' })).status).toBe(200);
  });

  test('without a version is refused: the answer says where to put one', async () => {
    expect(await move({})).toMatchObject({
      status: 428,
      body: { code: 'version_missing', detail: 'Send the version you read, in If-Match or as version.' },
    });
  });
});
