/** A server-sent event (WHATWG HTML, 9.2.6). */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Where a reader of a stream is, and how many milliseconds it waits before it comes back. */
export interface Place {
  id: string;
  retry: number;
}

/** The events of a stream until it ends or is cut off; the place moves with them, also at a block without data. */
export async function* readEvents(stream: ReadableStream<Uint8Array>, place: Place): AsyncGenerator<StreamEvent> {
  let rest = '';
  let block: { id?: string; event?: string; data?: string } = {};
  for await (const text of uncut(stream)) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, field, value = ''] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
      if (field === 'id') block.id = value;
      else if (field === 'retry' && /^\d+$/.test(value)) place.retry = Number(value);
      else if (field === 'event') block.event = value;
      else if (field === 'data') block.data = block.data === undefined ? value : `${block.data}\n${value}`;
      else if (line === '') {
        const { id, event = 'message', data } = block;
        block = {};
        // Only now: of a block that is cut off nothing was seen.
        place.id = id ?? place.id;
        if (data !== undefined) yield { id: place.id, event, data };
      }
    }
  }
}

/** The text of a stream, up to where the connection was lost: whoever reads it comes back. */
async function* uncut(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
