/** An answer that says more than its body: another status, headers, or that it is a repeat of a stored one. */
export class Answer<T> {
  constructor(
    readonly body: T,
    readonly options: { status?: number; replayed?: boolean; headers?: Readonly<Record<string, string>> } = {},
  ) {}
}

/** The `ETag` of a versioned resource. */
export const etagOf = (version: number): string => `"${version}"`;
