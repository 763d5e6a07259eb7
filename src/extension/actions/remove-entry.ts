import type { Range, TextEdit } from '../../config/reading';
import { lineEnd, lineStart } from '../../config/syntax/lines';
import type { Entry, Home } from '../../config/syntax/tree';

type Removal = (text: string, range: Range) => TextEdit[] | null;

const REMOVALS: Partial<Record<Home, Removal>> = {
  'yaml-block': ownLine,
  'toml-table': ownLine,
  'python-statement': ownLine,
  json: item,
  'yaml-flow': item,
  'toml-inline': item,
  'python-argument': item,
  'python-dict': item,
  'argument-text': item,
  // The surrounding quotes are removed too.
  argument: (text, { start, end }) => item(text, { start: start - 1, end: end + 1 }),
  'shell-flag': word,
  'shell-override': (text, { start, end }) => {
    const [pluses = ''] = /\+*$/.exec(before(text, start)) ?? [];
    return word(text, { start: start - pluses.length, end });
  },
};

/**
 * The edits that remove an entry, with its line if nothing else is on the line; null if that is impossible.
 * A comment after the value is removed too, and so is a comma that would be left over.
 */
export function removeEntry(text: string, { home, keyRange, value }: Entry): TextEdit[] | null {
  const { start, end } = value.range;
  // A block of YAML ends where the next line begins; its last character is before that.
  const last = Math.max(keyRange.end, start + text.slice(start, end).trimEnd().length);
  return (home && REMOVALS[home])?.(text, { start: keyRange.start, end: last }) ?? null;
}

const cut = (start: number, end: number): TextEdit => ({ range: { start, end }, text: '' });

/** From the start of the first line to the start of the line after the last. */
function lines(text: string, start: number, end: number): TextEdit {
  const last = lineEnd(text, end);
  const feed = text.startsWith('\r\n', last) ? 2 : text.startsWith('\n', last) ? 1 : 0;
  return cut(lineStart(text, start), last + feed);
}

const isBlank = (piece: string): boolean => piece.replace(/^\uFEFF/, '').trim() === '';
const before = (text: string, at: number): string => text.slice(lineStart(text, at), at);
const behind = (text: string, at: number): string => text.slice(at, lineEnd(text, at)).trim();

function ownLine(text: string, { start, end }: Range): TextEdit[] | null {
  const lead = before(text, start);
  // `a.b.` before the last part of a dotted key.
  if (!isBlank(lead.replace(/^\s*[\w."'-]*\.$/, ''))) return null;
  const rest = behind(text, end);
  return rest === '' || rest.startsWith('#') ? [lines(text, start, end)] : null;
}

/** Removes one of several items between brackets or commas. */
function item(text: string, { start, end }: Range): TextEdit[] | null {
  const gap = /^\s*/.exec(text.slice(end, end + 200))?.[0].length ?? 0;
  const comma = text[end + gap] === ',' ? end + gap + 1 : null;
  const stop = comma ?? end;
  const previous = start - 1 - (/\s*$/.exec(text.slice(Math.max(0, start - 200), start))?.[0].length ?? 0);
  const mark = text[previous] ?? '';
  const isFirst = mark === '' || '[{("\''.includes(mark);
  if (!isFirst && mark !== ',' && comma === null) return null;
  const rest = behind(text, stop);
  const isAlone = isBlank(before(text, start)) && (rest === '' || /^(?:#|\/\/)/.test(rest));
  if (isAlone && text.includes('\n')) {
    const own = lines(text, start, stop);
    // Without the last item, the comma of the item before is left over.
    return comma === null && mark === ',' ? [cut(previous, previous + 1), own] : [own];
  }
  if (comma === null) return [cut(mark === ',' ? previous : start, end)];
  const spaces = /^[ \t]*/.exec(text.slice(comma, comma + 200))?.[0].length ?? 0;
  return [cut(start, comma + spaces)];
}

/** Removes a word of a command with the space before it, or with its whole continued line. */
function word(text: string, { start, end }: Range): TextEdit[] | null {
  const isContinued = /^[\\^`]$/.test(behind(text, end));
  if (isContinued && isBlank(before(text, start)) && lineStart(text, start) > 0) return [lines(text, start, end)];
  const space = /[ \t]*$/.exec(before(text, start))?.[0].length ?? 0;
  return space === 0 ? null : [cut(start - space, end)];
}
