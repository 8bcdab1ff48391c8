import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * A zod schema as JSON Schema (draft 2020-12). `input` is what may be sent: strict where the schema is. `output` is
 * what we send: it may grow, so nothing in it forbids fields that are not known yet.
 */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override({ jsonSchema, zodSchema }) {
      // A strict shape is strict in both directions: it is what may be sent, and we send nothing else.
      const { catchall } = zodSchema._zod.def as { catchall?: unknown };
      if (io === 'output' && catchall === undefined && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
      // The format says it; the pattern that zod adds reads `\d` as every digit of Unicode in some languages.
      if (jsonSchema.format === 'date' || jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  }) as JsonSchema;
}
