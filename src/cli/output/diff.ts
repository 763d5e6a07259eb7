import { relative, resolve, sep } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { STDIN } from '../files/files';
import { paint, type Style } from './text';

/** A unified diff that `git apply` and `patch -p1` take: `a/FILE`, `b/FILE`, three lines of context. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const shown = path === STDIN ? 'stdin' : shownPath(path);
  const name = shown.replaceAll(/\\|[\r\n]+/g, '/').replace(/^\/+/, '');
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, options);
}

const STYLES: readonly (readonly [RegExp, Style])[] = [
  [/^(---|\+\+\+) /, 'bold'],
  [/^@@/, 'cyan'],
  [/^\+/, 'green'],
  [/^-/, 'red'],
];

/** Green for what comes, red for what goes. */
export function paintDiff(diff: string): string {
  const painted = diff.split('\n').map((line) => {
    const [, style] = STYLES.find(([pattern]) => pattern.test(line)) ?? [];
    return style ? paint(style, line) : line;
  });
  return painted.join('\n');
}

/** A path as it is shown, with slashes: from the current folder, if the file is below it. */
export function shownPath(path: string): string {
  const below = relative(process.cwd(), resolve(path));
  return (below.startsWith('..') ? path : below).split(sep).join('/');
}
