import type { Problem } from './published/api.js';

/** A way to refuse that the API documents; `unknown` when what answered was no Comanda: a proxy, a wrong address. */
export type ProblemCode = Problem['code'] | 'unknown';

/** What is wrong with one place of a request: a JSON pointer, or a line of a spreadsheet. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** A request was refused. The code is stable: switch on it; the message is for people, with what single places lack. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    readonly detail: string,
    readonly errors: readonly Fault[],
    /** Method and path, as OpenAPI has them. */
    request: string,
  ) {
    const faults = errors.map((fault) => `\n  ${fault.pointer}: ${fault.detail}`);
    super(`${detail} (${request}: ${status} ${code})${faults.join('')}`);
  }

  /** Reads what was answered: problem+json, or whatever stood in its place. */
  static of(status: number, text: string, request: string): ApiProblem {
    const said = problemIn(text);
    return new ApiProblem(
      status,
      said.code ?? 'unknown',
      said.detail ?? text.slice(0, 200),
      said.errors ?? [],
      request,
    );
  }
}

function problemIn(text: string): Partial<Problem> {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null ? said : {};
  } catch {
    return {};
  }
}

/** Nothing answered, however often it was tried: whether the request had its effect is not known. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor(baseUrl: string, cause: unknown) {
    const { message, code } = cause as { message?: string; code?: string };
    super(`Nothing answers at ${baseUrl}: ${message || code}.`, { cause });
  }
}
