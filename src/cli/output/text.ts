import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { visible } from '../../recipe/visible';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Puts text into a style, or leaves it alone where nobody could see it. */
export type Paint = (style: Style, text: string) => string;

/** What a stream must tell for {@link paintFor}. */
interface Screen {
  isTTY?: boolean;
}

/** Placeholder for a colour until the text is shown. The random part keeps a file from containing it. */
const MARK = `\u0001${randomBytes(12).toString('hex')}:`;
const MARKS = new RegExp(`${MARK}(\\d+);`);

/**
 * Colours for a terminal; plain text for a pipe or when the user asked for no colours. Pass the text through {@link
 * shown} before writing it.
 * @see https://no-color.org (NO_COLOR), https://force-color.org (FORCE_COLOR)
 */
export function paintFor(screen: Screen, env: Readonly<Record<string, string | undefined>>): Paint {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0';
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['FORCE_COLOR'] === '0' || env['TERM'] === 'dumb';
  const coloured = forced || (screen.isTTY === true && !refused);
  if (!coloured) return (_, text) => text;
  return (style, text) => {
    const [on, off] = inspect.colors[style] ?? [0, 0];
    return `${MARK}${on};${text}${MARK}${off};`;
  };
}

/** Text for the screen: our own colours are kept, and invisible characters from files are spelled out. */
export function shown(text: string, spell = visible): string {
  return text
    .split(MARKS)
    .map((part, i) => (i % 2 === 0 ? spell(part) : `\u001b[${part}m`))
    .join('');
}

/** Our own colours are kept, and every other character is left as it is. */
export function unspelled(text: string): string {
  return shown(text, (part) => part);
}

/** The text without our colours. */
export function unpainted(text: string): string {
  return text
    .split(MARKS)
    .filter((_, i) => i % 2 === 0)
    .join('');
}

/** Columns that everything fits into. */
export const WIDTH = 80;

export type Align = 'left' | 'right';

/**
 * Rows in aligned columns, two spaces apart, without trailing blanks. Cells may hold colours; they take no room.
 * @param align per column; columns beyond it are left-aligned
 */
export function table(rows: readonly (readonly string[])[], align: readonly Align[] = []): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const room = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return align[column] === 'right' ? room + cell : cell + room;
      })
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** Text broken at blanks into lines of at most `width` characters; longer words stand alone. Keeps line ends it has. */
export function wrap(text: string, width = 78, indent = ''): string {
  return text
    .split('\n')
    .map((paragraph) => {
      const lines: string[] = [];
      for (const word of paragraph.split(' ')) {
        const last = lines.at(-1);
        if (last === undefined || widthOf(last) + 1 + widthOf(word) > width - indent.length) lines.push(word);
        else lines[lines.length - 1] = `${last} ${word}`;
      }
      return lines.map((line) => `${indent}${line}`.trimEnd()).join('\n');
    })
    .join('\n');
}

/** Columns a text takes in a terminal. The texts here hold no wide or combining characters worth a library. */
export function widthOf(text: string): number {
  return [...visible(unpainted(text))].length;
}
