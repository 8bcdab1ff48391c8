import { ApiProblem } from '@comanda/client';

/**
 * What making something answers; `undefined` when it was made on an earlier run. Its id follows from what it is: it is known
 * by that where its key is forgotten.
 */
export async function unlessMade<T>(making: Promise<T>): Promise<T | undefined> {
  try {
    return await making;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'id_taken') return undefined;
    throw error;
  }
}
