/** A member of a JSON object or an item of an array, whose value is not parsed. */
export interface JsonMember {
  /** The key it stands under, within an object. */
  key: string;
  start: number;
  end: number;
}

/**
 * The members of the JSON object, or the items of the array, that begins at `start`. Strings are skipped, and nested
 * brackets only counted, so that images of many megabytes cost almost nothing.
 * @returns null if no object or array begins there, or the text ends inside it
 */
export function membersOf(text: string, start: number): JsonMember[] | null {
  const open = text[start];
  if (open !== '{' && open !== '[') return null;
  const found: JsonMember[] = [];
  let at = start + 1;
  for (;;) {
    at = afterSpace(text, at);
    if (text[at] === (open === '{' ? '}' : ']')) return found;
    let key = '';
    if (open === '{') {
      const keyEnd = text[at] === '"' ? stringEnd(text, at) : -1;
      if (keyEnd === -1) return null;
      key = text.slice(at + 1, keyEnd - 1);
      at = afterSpace(text, keyEnd);
      if (text[at] !== ':') return null;
      at = afterSpace(text, at + 1);
    }
    const end = valueEnd(text, at);
    if (end === -1) return null;
    found.push({ key, start: at, end });
    at = afterSpace(text, end);
    if (text[at] === ',') at += 1;
    else if (text[at] !== '}' && text[at] !== ']') return null;
  }
}

/** The first character that is no white space. */
export function afterSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** The offset after the string that begins at `start`; -1 if the string does not end. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return -1;
}

/** The offset after the value that begins at `start`; -1 if the value does not end. */
function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first !== '{' && first !== '[') {
    const bare = /[^\s,\]}]+/y;
    bare.lastIndex = start;
    return bare.test(text) ? bare.lastIndex : -1;
  }
  const marks = /["{}[\]]/g;
  let depth = 0;
  marks.lastIndex = start;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      const end = stringEnd(text, mark.index);
      if (end === -1) return -1;
      marks.lastIndex = end;
    } else {
      depth += mark[0] === '{' || mark[0] === '[' ? 1 : -1;
      if (depth === 0) return mark.index + 1;
    }
  }
  return -1;
}
