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
 * Makes a controller's method the service's handler of a kind of event. It gets the event and the transaction in which
 * its effect and its inbox row commit together: `(@Event() event: Envelope<typeof CheckSettled>, @InTx() tx: Tx)`.
 */
export const Consumes = <D extends EventDefinition>(definition: D): HandlerDecorator<D> =>
  applyDecorators(EventPattern<string>(definition.type, { definition }), UseFilters(new Rethrow()));

/** The event a handler is called for. */
export const Event = (): ParameterDecorator => Payload();

/** The transaction a handler writes through. What it writes elsewhere is not undone when the event is tried again. */
export const InTx = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return context.switchToRpc().getContext<HandlerContext>().tx;
});

/** A method that does not take this kind of event does not compile. */
type HandlerDecorator<D extends EventDefinition> = <Handle extends (event: Envelope<D>, tx: Tx) => Promise<void>>(
  target: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<Handle>,
) => void;

/** What travels beside the event to a handler. */
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
