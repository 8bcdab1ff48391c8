import { connect } from 'node:net';
import { COMMANDS } from './haproxy.js';

/**
 * Has HAProxy do something.
 * @returns whether it did; not while it does not run
 * @throws what it said, where it does not understand
 */
export async function command(line: string): Promise<boolean> {
  const socket = connect(COMMANDS.port, COMMANDS.host);
  let answer = '';
  try {
    socket.end(`${line}\n`);
    for await (const chunk of socket) answer += String(chunk);
  } catch {
    return false;
  }
  if (/no such|unknown|invalid|require|can't|must /i.test(answer)) throw new Error(`${line}: ${answer.trim()}`);
  return true;
}
