import { QueryFailedError } from 'typeorm';
import { describe, expect, test } from 'vitest';
import {
  codeOf,
  constraintOf,
  isCollision,
  isConnectionLost,
  isInfrastructure,
  isLockTimeout,
  isReadOnly,
} from './faults.js';

const ofServer = (code: string) =>
  new QueryFailedError('select', [], Object.assign(new Error('the server says no'), { code }));
const ofSystem = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:5432`), { code });
const ofDriver = (message: string) => new Error(message);

describe('what may pass by itself', () => {
  test.each([
    ['a deadlock', ofServer('40P01'), 'collision'],
    ['a serialization failure', ofServer('40001'), 'collision'],
    ['a lock that somebody holds', ofServer('55P03'), 'lock'],
    ['a standby', ofServer('25006'), 'connection'],
    ['a transaction idle for too long', ofServer('25P03'), 'connection'],
    ['a server that shuts down', ofServer('57P01'), 'connection'],
    ['a server that starts', ofServer('57P03'), 'connection'],
    ['a broken protocol', ofServer('08P01'), 'connection'],
    ['too many connections', ofServer('53300'), 'other'],
    ['a full disk', ofServer('53100'), 'other'],
    ['a disk that fails', ofServer('58030'), 'other'],
    ['a statement that took too long', ofServer('57014'), 'other'],
    ['a server that is away', ofSystem('ECONNREFUSED'), 'connection'],
    ['a name that nobody knows', ofSystem('ENOTFOUND'), 'connection'],
    ['a line that was cut', ofSystem('ECONNRESET'), 'connection'],
    ['a connection that ended', ofDriver('Connection terminated unexpectedly'), 'connection'],
    ['a connection that took too long to open', ofDriver('timeout expired'), 'connection'],
    ['a full pool', ofDriver('timeout exceeded when trying to connect'), 'connection'],
    ['a server that says nothing', ofDriver('Query read timeout'), 'connection'],
    ['a broken client', ofDriver('Client has encountered a connection error and is not queryable'), 'connection'],
    ['a closed client', ofDriver('Client was closed and is not queryable'), 'connection'],
    ['a closed pool', ofDriver('Cannot use a pool after calling end on the pool'), 'connection'],
  ])('is %s', (_, error, kind) => {
    const kinds = { collision: isCollision(error), lock: isLockTimeout(error), connection: isConnectionLost(error) };
    expect(isInfrastructure(error)).toBe(true);
    expect(Object.entries(kinds).flatMap(([name, is]) => (is ? name : []))).toEqual(kind === 'other' ? [] : [kind]);
  });
});

describe('what would fail again', () => {
  test.each([
    ['an id that is taken', ofServer('23505')],
    ['a right that is missing', ofServer('42501')],
    ['a statement that is wrong', ofServer('42601')],
    ['a transaction that was aborted', ofServer('25P02')],
    ['a wrong password', ofServer('28P01')],
    ['a defect', new TypeError('x is not a function')],
    ['a text', 'ECONNREFUSED'],
    ['nothing', undefined],
  ])('is %s', (_, error) => {
    expect([isInfrastructure(error), isConnectionLost(error), isCollision(error), isLockTimeout(error)]).toEqual(
      Array(4).fill(false),
    );
  });
});

test('a server that takes no writes is told from one that is away', () => {
  expect([isReadOnly(ofServer('25006')), isReadOnly(ofSystem('ECONNREFUSED'))]).toEqual([true, false]);
});

test('an error tells its code and the constraint that it broke, wrapped or bare', () => {
  const bare = Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'checks_pkey' });
  for (const error of [bare, new QueryFailedError('insert', [], bare), { driverError: bare }])
    expect([codeOf(error), constraintOf(error)]).toEqual(['23505', 'checks_pkey']);
  expect([codeOf(new Error('plain')), codeOf(null), codeOf({ code: 7 }), constraintOf(undefined)]).toEqual(
    Array(4).fill(undefined),
  );
});
