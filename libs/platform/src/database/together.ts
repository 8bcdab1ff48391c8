/** Waits for statements that were sent together. @throws what the first of them that failed threw */
export async function together<Sent extends readonly Promise<unknown>[]>(
  ...sent: Sent
): Promise<{ -readonly [At in keyof Sent]: Awaited<Sent[At]> }> {
  await Promise.allSettled(sent);
  return Promise.all(sent);
}
