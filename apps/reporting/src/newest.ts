/** Of what is told of each subject, the newest. */
export function newestOf<E extends { readonly subject: string; readonly aggregateVersion: number }>(
  news: readonly E[],
): E[] {
  const newest = new Map<string, E>();
  for (const event of news) {
    const known = newest.get(event.subject);
    if (!known || known.aggregateVersion < event.aggregateVersion) newest.set(event.subject, event);
  }
  return [...newest.values()];
}
