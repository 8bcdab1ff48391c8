import type { EventDefinition } from '@comanda/contracts';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { Consumer, type ConsumerOptions, type EventHandler } from './consumer.js';
import type { HandlerContext } from './decorators.js';

/** Lets a service's controllers handle events, as any Nest transport would: `app.connectMicroservice({ strategy })`. */
export class EventsStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId: symbol;
  readonly #options: Omit<ConsumerOptions, 'handlers'>;
  readonly #handlers = new Map<string, EventHandler>();
  #consumer: Consumer | undefined;

  constructor(options: Omit<ConsumerOptions, 'handlers'>) {
    super();
    this.#options = options;
    this.transportId = Symbol(`comanda.events.${options.service}`);
  }

  /** @throws when two methods of the service handle the same event: which of them is it? */
  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler?: boolean, extras?: Extras): void {
    const definition = extras?.definition;
    if (!isEventHandler || !definition)
      throw new Error(`${String(pattern)} is no event: a handler is marked with @Consumes.`);
    if (this.#handlers.has(definition.type))
      throw new Error(`${definition.type} has two handlers in ${this.#options.service}; there may be one.`);
    this.#handlers.set(definition.type, {
      definition,
      async handle(event, tx) {
        const result: unknown = await callback(event, { tx } satisfies HandlerContext);
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      },
    });
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  listen(callback: () => void): void {
    this.#consumer = new Consumer({ ...this.#options, handlers: [...this.#handlers.values()] });
    this.#consumer.start();
    callback();
  }

  async close(): Promise<void> {
    await this.#consumer?.stop();
  }

  /** The topics of the events there are handlers for. */
  get topics(): string[] {
    return [...new Set([...this.#handlers.values()].map(({ definition }) => definition.topic))];
  }

  on(): void {
    // A transport's status is of no interest here: the log is joined and left in the background.
  }

  unwrap<T>(): T {
    return this.#options.log as T;
  }
}

interface Extras {
  readonly definition?: EventDefinition;
}
