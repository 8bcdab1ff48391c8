import { z } from 'zod';

/** A setting is missing or wrong: the message names it, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the settings that `schema` names from the environment; empty counts as absent.
 * @throws ConfigError naming every variable that is wrong
 */
export function readConfig<S extends z.ZodObject>(
  schema: S,
  environment: NodeJS.ProcessEnv = process.env,
): z.output<S> {
  const given = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, environment[name] || undefined]));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The configuration is wrong. ${faults.join('; ')}`);
}

const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that begins with ${protocols.join(' or ')}//`,
    );

/** A whole number in an environment variable. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be between ${min} and ${max}`);

export const postgresUrl = url('postgres:', 'postgresql:');
export const redisUrl = url('redis:', 'rediss:');

/** What every service reads, besides its own settings. */
export const PlatformConfig = z
  .object({
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
    LOG_LEVEL: z
      .enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'must be fatal, error, warn, info, debug, trace or silent',
      )
      .default('info'),
    COMANDA_SECRET: z.string('must be set').min(32, 'must be at least 32 characters long'),
    KAFKA_BROKERS: z
      .string()
      .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'must be host:port, separated by commas')
      .optional(),
    REDIS_URL: redisUrl.optional(),
    DATABASE_POOL: wholeNumber(1, 200).default(10),
    /** How many requests a service answers at once; what comes beyond is told to come back. */
    REQUESTS_AT_ONCE: wholeNumber(1, 100_000).default(400),
    JWT_ISSUER: url('https:', 'http:').optional(),
    JWT_AUDIENCE: z.string().optional(),
    JWT_JWKS_URL: url('https:', 'http:').optional(),
    JWT_CLAIM_ORGANIZATION: z.string().default('org'),
    JWT_CLAIM_SCOPE: z.string().default('scope'),
    JWT_CLAIM_LOCATIONS: z.string().default('locations'),
    /** For each token, and for each address on routes open to everyone; an API key has a limit of its own. */
    RATE_LIMIT_PER_SECOND: wholeNumber(1, 1_000_000).default(100),
    /** For all limited credentials of an organization together. */
    RATE_LIMIT_ORGANIZATION_PER_SECOND: wholeNumber(1, 1_000_000).optional(),
  })
  .superRefine(({ JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL }, { addIssue }) => {
    const needed = (name: string, why: string) =>
      addIssue({ code: 'custom', path: [name], message: `must be set with ${why}` });
    // A token that the issuer made for somebody else is none for us.
    if (JWT_ISSUER && !JWT_AUDIENCE) needed('JWT_AUDIENCE', 'JWT_ISSUER');
    if (JWT_JWKS_URL && !JWT_ISSUER) needed('JWT_ISSUER', 'JWT_JWKS_URL');
  });
export type PlatformConfig = z.output<typeof PlatformConfig>;
