/**
 * JSON texts as one text, for `string_to_array(…, JSON_BETWEEN)`: a record separator between them (as in RFC 7464), which no JSON
 * holds unescaped. As an array each quotation mark in them would be escaped here and read back there, which costs both
 * sides more than the rest of the statement.
 */
export const jsonTexts = (texts: readonly string[]): string => texts.join('\x1e');

/** The separator of `jsonTexts`, as SQL. */
export const JSON_BETWEEN = String.raw`E'\x1e'`;
