import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { oneLine, visible } from '../../recipe/visible';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Placeholder for a colour until the text is shown. The random part keeps a file from containing it. */
const MARK = `\u0001${randomBytes(12).toString('hex')}:`;
const MARKS = new RegExp(`${MARK}(\\d+);`);

/** Puts text into a style, which {@link shown} makes a colour, or nothing. */
export function paint(style: Style, text: string): string {
  const [on, off] = inspect.colors[style] ?? [0, 0];
  return text === '' ? '' : `${MARK}${on};${text}${MARK}${off};`;
}

/**
 * Whether a stream shows colours: a terminal does unless the user asked for none; a pipe does not.
 * @see https://no-color.org (NO_COLOR), https://force-color.org (FORCE_COLOR)
 */
export function isColoured(screen: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): boolean {
  const { FORCE_COLOR: force = '', NO_COLOR: none = '', TERM } = env;
  if (force !== '') return force !== '0';
  return screen.isTTY === true && none === '' && TERM !== 'dumb';
}

/** Text for a stream: styles become colours or vanish, and invisible characters from files are spelled out. */
export function shown(text: string, hasColours: boolean, spell = visible): string {
  const colour = (code: string): string => (hasColours ? `\u001b[${code}m` : '');
  return text
    .split(MARKS)
    .map((part, i) => (i % 2 === 0 ? spell(part) : colour(part)))
    .join('');
}

/** A file's line ends would begin lines that look like ours. Styles stay. */
const oneLined = (text: string): string => text.replace(/[\r\n]/g, (end) => oneLine(end));

/** Columns that everything fits into. */
export const WIDTH = 80;

/**
 * Rows in aligned columns, two spaces apart, without trailing blanks. A line end in a cell is spelled out.
 * @param align `l` or `r` per column; columns beyond it are left-aligned
 */
export function table(given: readonly (readonly string[])[], align = ''): string {
  const rows = given.map((row) => row.map(oneLined));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? ''))));
  const lines = rows.map((row) => {
    const cells = row.map((cell, i) => {
      const room = ' '.repeat((widths[i] ?? 0) - widthOf(cell));
      return align[i] === 'r' ? room + cell : cell + room;
    });
    return cells.join('  ').trimEnd();
  });
  return lines.join('\n');
}

/** The same under dim titles of its columns. */
export const headed = (titles: readonly string[], rows: readonly (readonly string[])[], align = ''): string =>
  table([titles.map((title) => paint('dim', title)), ...rows], align);

/** The beginning of a text that is longer than a column may be. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** Text broken at blanks into lines of at most `width` characters; longer words stand alone. Line ends are spelled out. */
export function wrap(text: string, width = 78, indent = ''): string {
  const lines: string[] = [];
  for (const word of oneLined(text).split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || widthOf(line) + 1 + widthOf(word) > width - indent.length) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => `${indent}${line}`.trimEnd()).join('\n');
}

/** A mark, and a text wrapped behind it. */
export function item(mark: string, text: string): string {
  return `${mark} ${wrap(text, 78, '  ').trimStart()}`;
}

/** Columns a text takes in a terminal. The texts here hold no wide or combining characters worth a library. */
export function widthOf(text: string): number {
  return [...shown(text, false)].length;
}
