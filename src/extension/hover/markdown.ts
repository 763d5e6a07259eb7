import { visible } from '../../recipe/visible';

/** Any text as plain words of Markdown: nothing in it makes a link, a picture, markup or code. */
export function plain(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+\-.!|~<>&]/g, (mark) => `\\${mark}`)
    .replace(/\s+/g, ' ')
    .replace(/:(?=\S)/g, '\\:');
}

/** Any text as code on one line. */
export function code(text: string): string {
  return `\`${visible(text)
    .replace(/[`\s|]+/g, ' ')
    .trim()}\``;
}

/** A table with a head, whose cells are Markdown. The editor leaves no gap between columns, so they bring their own. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' &emsp; | ')} |`;
  return [line(head), `|${head.map(() => ' :-- |').join('')}`, ...rows.map(line)].join('\n');
}
