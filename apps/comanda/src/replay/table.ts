/** A row of a table of separated values. */
export interface TableRow {
  /** The line on which it begins, the first being 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Which cell opens a quote that is not closed, if one does: then the cells are those of one line, quotes and all. */
  readonly unclosed: number | undefined;
}

/**
 * Reads separated values: RFC 4180, and what programs write instead: any separator, any line break, line breaks within
 * quotes, quotes that are not doubled (`"12" pizza"`), spaces around quotes. Rows of nothing but empty cells are left
 * out, and what old programs end their files with. A quote that is never closed costs its own line and not the rest of
 * the file, which is why this is read by hand.
 * @param delimiter what separates cells: one character or a few, no quote and no line break
 */
export function* rowsOf(text: string, delimiter: string): Generator<TableRow> {
  let [at, line] = [0, 1];
  while (at < text.length) {
    const row = readRow(text, at, delimiter);
    if (row.cells.some((cell) => HAS_TEXT.test(cell))) yield { line, cells: row.cells, unclosed: row.unclosed };
    line += lineBreaks(text, at, row.end);
    at = row.end;
  }
}

/** Neither spaces nor control characters: DOS ended files with one, and some tills fill theirs up with zeros. */
const HAS_TEXT = /[^\s\p{Cc}]/u;

interface Row extends Pick<TableRow, 'cells' | 'unclosed'> {
  /** Where the next row begins. */
  readonly end: number;
}

function readRow(text: string, start: number, delimiter: string): Row {
  const cells: string[] = [];
  for (let at = start; ;) {
    const quote = afterSpaces(text, at);
    const cell = text[quote] === '"' ? quotedCell(text, quote + 1, delimiter) : plainCell(text, at, delimiter);
    if (!cell) return { ...readLine(text, start, delimiter), unclosed: cells.length };
    cells.push(cell.value);
    if (!isDelimiter(text, cell.end, delimiter)) return { cells, end: afterBreak(text, cell.end), unclosed: undefined };
    at = cell.end + delimiter.length;
  }
}

/** One line, in which a quote is a character like any other. */
function readLine(text: string, start: number, delimiter: string): Omit<Row, 'unclosed'> {
  let end = start;
  while (end < text.length && !isBreak(text, end)) end++;
  return { cells: text.slice(start, end).split(delimiter), end: afterBreak(text, end) };
}

interface Cell {
  readonly value: string;
  /** Where that stands which ends it: a delimiter, a line break or the end of the text. */
  readonly end: number;
}

function plainCell(text: string, start: number, delimiter: string): Cell {
  let end = start;
  while (!endsCell(text, end, delimiter)) end++;
  return { value: text.slice(start, end), end };
}

/**
 * A quote closes a cell when what ends cells follows; any other is part of the text. One that is not doubled shows that
 * quotes are not to be trusted here, and neither are cells of many lines: such a cell ends within its line, or is not closed.
 */
function quotedCell(text: string, start: number, delimiter: string): Cell | undefined {
  let [value, from, careless, severalLines] = ['', start, false, false];
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return undefined;
    const piece = text.slice(from, quote);
    value += piece;
    severalLines ||= /[\r\n]/.test(piece);
    const doubled = text[quote + 1] === '"';
    const end = afterSpaces(text, quote + 1);
    const closes = !doubled && endsCell(text, end, delimiter);
    careless ||= !doubled && !closes;
    if (severalLines && (careless || value.length > MAX_LENGTH_OF_LINES)) return undefined;
    if (closes) return { value, end };
    value += '"';
    from = quote + (doubled ? 2 : 1);
  }
}

const MAX_LENGTH_OF_LINES = 10_000;

function endsCell(text: string, at: number, delimiter: string): boolean {
  return at >= text.length || isBreak(text, at) || isDelimiter(text, at, delimiter);
}

function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

function isDelimiter(text: string, at: number, delimiter: string): boolean {
  return text.charCodeAt(at) === delimiter.charCodeAt(0) && (delimiter.length === 1 || text.startsWith(delimiter, at));
}

function afterSpaces(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === 32) end++;
  return end;
}

function afterBreak(text: string, at: number): number {
  return text.startsWith('\r\n', at) ? at + 2 : at + 1;
}

function lineBreaks(text: string, start: number, end: number): number {
  let breaks = 0;
  for (let at = start; at < end; at++)
    if (text.charCodeAt(at) === 10 || (text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) !== 10)) breaks++;
  return breaks;
}
