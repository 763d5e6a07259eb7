import { visible } from '../../recipe/visible';
import { unpainted } from './colour';

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
