/**
 * The names that a PromQL expression selects series by: metrics and recorded rules, each once. It knows just enough of the
 * language to leave out functions, labels, strings and durations.
 */
export function namesIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const words = bare.matchAll(/(?<![\w.:])[a-zA-Z_:][\w:]*(?!\w|\s*\()/g);
  return [...new Set([...words].map(([word]) => word))].filter((word) => !KEYWORDS.has(word.toLowerCase()));
}

const KEYWORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan', 'start', 'end']);

/** What an expression names, as the metric that exports it: a histogram's `…_bucket` is the histogram's. */
export const metricOf = (name: string): string => name.replace(/_(?:bucket|count|sum)$/, '');
