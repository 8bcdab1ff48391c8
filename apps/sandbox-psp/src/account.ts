import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/**
 * The merchant's account that a call is for: the header `sandbox-account`.
 * @throws ZodError when it is none
 */
export const accountOf = ({ headers }: FastifyRequest): string => z.uuid().parse(headers['sandbox-account']);
