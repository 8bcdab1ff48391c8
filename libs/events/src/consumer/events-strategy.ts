import type { EventDefinition } from '@comanda/contracts';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { Consumer, type ConsumerOptions, type EventHandler } from './consumer.js';
import type { HandlerContext } from './decorators.js';

/** Lets a service's controllers handle events, as any Nest transport would: `app.connectMicroservice({ strategy })`. */
export class EventsStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId: symbol;
  readonly #options: StrategyOptions;
  /** By the definitions that a method was marked with. */
  readonly #handlers = new Map<readonly EventDefinition[], EventHandler>();
  #consumer: Consumer | undefined;

  constructor(options: StrategyOptions) {
    super();
    this.#options = options;
    this.transportId = Symbol(`comanda.events.${options.service}`);
  }

  /** @throws when two methods of the service handle the same event: which of them is it? */
  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler?: boolean, extras?: Extras): void {
    const definitions = extras?.definitions;
    if (!isEventHandler || !definitions)
      throw new Error(`${String(pattern)} is no event: a handler is marked with @Consumes.`);
    if (this.messageHandlers.has(String(pattern)))
      throw new Error(`${String(pattern)} has two handlers in ${this.#options.service}; there may be one.`);
    // A method is announced once for each of its events.
    this.#handlers.set(definitions, {
      definitions,
      async handle(events, tx) {
        const result: unknown = await callback(events, { tx } satisfies HandlerContext);
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      },
    });
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** @throws when what the service handles is not what it says it consumes */
  listen(callback: () => void): void {
    const differences = this.#differences();
    if (differences.length > 0) throw new Error(differences.join(' '));
    this.#consumer = new Consumer({ ...this.#options, handlers: [...this.#handlers.values()] });
    this.#consumer.start();
    callback();
  }

  async close(): Promise<void> {
    await this.#consumer?.stop();
  }

  /** The topics of the events there are handlers for. */
  get topics(): string[] {
    return [...new Set([...this.#handlers.keys()].flat().map(({ topic }) => topic))];
  }

  /** An audit goes by what the service says: an event that it handles in silence would never be missed. */
  #differences(): string[] {
    const { service, consumes } = this.#options;
    const declared = new Set(consumes.map(({ type }) => type));
    const handled = new Set(this.messageHandlers.keys());
    const unhandled = [...declared.difference(handled)];
    const undeclared = [...handled.difference(declared)];
    return [
      ...unhandled.map((type) => `${service} says that it consumes ${type} and has no handler of it.`),
      ...undeclared.map((type) => `${service} handles ${type} and does not say that it consumes it.`),
    ];
  }

  on(): void {
    // A transport's status is of no interest here: the log is joined and left in the background.
  }

  unwrap<T>(): T {
    return this.#options.log as T;
  }
}

interface StrategyOptions extends Omit<ConsumerOptions, 'handlers'> {
  /** The events that the service says it handles. */
  readonly consumes: readonly EventDefinition[];
}

interface Extras {
  readonly definitions?: readonly EventDefinition[];
}
