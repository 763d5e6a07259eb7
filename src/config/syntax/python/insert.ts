import type { TextEdit } from '../../reading';
import { lineEnd, lineEndingAt, lineStart } from '../lines';
import type { Entry } from '../tree';

/** A layout whose lines begin with the comma behind the line above. */
const COMMA_BELOW = /^(?:\s|#[^\n]*\n)*,/;

/**
 * Another `key=value` behind an argument, or `"key": value` behind an entry of a dict: on a line of its own where the
 * neighbour has one, and then with a comma at its end, so that several can follow each other. Null where the line goes
 * on in a way that leaves no room.
 */
export function pythonItem(text: string, sibling: Entry, key: string, value: string): TextEdit[] | null {
  const { keyRange, value: neighbour } = sibling;
  // A call or a dict that nothing closes, as while it is being typed.
  if (!/[)\]}]/.test(text.slice(neighbour.range.end))) return null;
  const mark = text.slice(keyRange.end, neighbour.range.start);
  const quote =
    sibling.home === 'python-dict' ? (/["']/.exec(text.slice(keyRange.start, keyRange.end))?.[0] ?? '"') : '';
  const usual = quote === '' ? '=' : ': ';
  const item = `${quote}${key}${quote}${/^[ \t]*[=:][ \t]*$/.test(mark) ? mark : usual}${value}`;
  const before = text.slice(lineStart(text, keyRange.start), keyRange.start);
  const end = lineEnd(text, neighbour.range.end);
  const rest = /^(,?)[ \t]*(?:#.*)?$/.exec(text.slice(neighbour.range.end, end).trimStart());
  const isOwnLine = /^[ \t]*$/.test(before) && lineStart(text, keyRange.start) > 0;
  if (!isOwnLine || !rest || (!rest[1] && COMMA_BELOW.test(text.slice(end)))) {
    return [insertion(neighbour.range.end, `, ${item}`)];
  }
  const line = insertion(end, `${lineEndingAt(text, keyRange.start)}${before}${item},`);
  return rest[1] ? [line] : [insertion(neighbour.range.end, ','), line];
}

const insertion = (at: number, text: string): TextEdit => ({ range: { start: at, end: at }, text });
