import type { Envelope, EventDefinition } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import {
  applyDecorators,
  Catch,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  UseFilters,
} from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

/**
 * Makes a controller's method the service's handler of these kinds of events. It gets what arrived together, each subject's
 * events in their order, and the transaction in which their effects and inbox rows commit together:
 * `(@Events() events: readonly Envelope<typeof CheckSettled>[], @InTx() tx: Tx)`.
 */
export const Consumes = <const D extends readonly EventDefinition[]>(...definitions: D): HandlerDecorator<D[number]> =>
  applyDecorators(
    EventPattern<string[]>(
      definitions.map(({ type }) => type),
      { definitions },
    ),
    UseFilters(new Rethrow()),
  );

/** The events a handler is called for. */
export const Events = (): ParameterDecorator => Payload();

/** The transaction a handler writes through. What it writes elsewhere is not undone when the event is tried again. */
export const InTx = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return context.switchToRpc().getContext<HandlerContext>().tx;
});

/** A method that does not take these kinds of events does not compile. */
type HandlerDecorator<D extends EventDefinition> = <
  Handle extends (events: readonly EnvelopeOf<D>[], tx: Tx) => Promise<void>,
>(
  target: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<Handle>,
) => void;

/** An event of one of these kinds: its type tells which. */
type EnvelopeOf<D extends EventDefinition> = D extends EventDefinition ? Envelope<D> : never;

/** What travels beside the events to a handler. */
export interface HandlerContext {
  readonly tx: Tx;
}

/** Nest's own filter replaces an error by "Internal server error"; whether to try again depends on the error itself. */
@Catch()
class Rethrow implements ExceptionFilter {
  catch(error: unknown): never {
    throw error;
  }
}
