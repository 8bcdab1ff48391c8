import type { Cell, Section, Table } from './figures.js';
import { shown } from './table.js';

/** A section in Markdown. */
export const sectionText = ({ title, intro, tables }: Section): string =>
  [`## ${title}`, ...intro, ...tables.map(tableMarkdown)].join('\n\n');

/**
 * A document with a section between marks that a reader does not see: in the place of the last one of its name, else at the end.
 */
export function withSection(document: string, name: string, text: string): string {
  const section = `${beginOf(name)}\n\n${text}\n\n${endOf(name)}`;
  const before = sectionIn(document, name);
  if (before !== null) return document.replace(`${beginOf(name)}\n\n${before}\n\n${endOf(name)}`, () => section);
  return `${document.trimEnd()}${document.trim() === '' ? '' : '\n\n'}${section}\n`;
}

/** The section of this name in a document; `null` where it has none. */
export function sectionIn(document: string, name: string): string | null {
  const [from, to] = [document.indexOf(beginOf(name)), document.indexOf(endOf(name))];
  return from < 0 || to < from ? null : document.slice(from + beginOf(name).length + 2, to - 2);
}

const beginOf = (name: string): string => `<!-- load:${name} -->`;
const endOf = (name: string): string => `<!-- /load:${name} -->`;

function tableMarkdown({ title, columns, rows, notes = [] }: Table): string {
  const isNumber = columns.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `**${title}**`,
    '',
    line(columns),
    line(isNumber.map((number) => (number ? '--:' : '---'))),
    ...rows.map((row) => line(row.map(escaped))),
    ...notes.flatMap((note) => ['', note]),
  ].join('\n');
}

const escaped = (cell: Cell): string =>
  shown(cell)
    .trim()
    .replaceAll('|', String.raw`\|`)
    .replaceAll('\n', ' ');
