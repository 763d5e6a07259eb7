import { BLANKS, BREAKS, SPACES, shown, type Characters } from './characters';

const WORD = /[\w-]/;

/** Letters, digits, `-` and `_`, passed. */
function word(source: Characters): string {
  let length = 0;
  while (isWord(source.peek(length))) length += 1;
  return source.take(length);
}

function isWord(character: string): boolean {
  return WORD.test(character);
}

/** `&name` or `*name`; the name. */
export function scanAnchor(source: Characters): string {
  const what = `while scanning an ${source.peek() === '*' ? 'alias' : 'anchor'}`;
  source.forward();
  const name = word(source);
  if (name === '' || !`${SPACES}?:,]}%@\``.includes(source.peek())) {
    source.stop(`${what}: expected alphabetic or numeric character, but found ${shown(source.peek())}`);
  }
  return name;
}

/** A tag as it is written: `!!int` is `['!!', 'int']`; `!<a>` has no handle. */
export type WrittenTag = readonly [handle: string | null, suffix: string];

export function scanTag(source: Characters): WrittenTag {
  const tag = writtenTag(source);
  if (!BLANKS.includes(source.peek()))
    source.stop(`while scanning a tag: expected ' ', but found ${shown(source.peek())}`);
  return tag;
}

function writtenTag(source: Characters): WrittenTag {
  const second = source.peek(1);
  if (second === '<') {
    source.forward(2);
    const suffix = uri(source, 'tag');
    if (source.peek() !== '>') source.stop(`while parsing a tag: expected '>', but found ${shown(source.peek())}`);
    source.forward();
    return [null, suffix];
  }
  if (SPACES.includes(second)) {
    source.forward();
    return [null, '!'];
  }
  let length = 1;
  while (!BLANKS.includes(source.peek(length)) && source.peek(length) !== '!') length += 1;
  if (source.peek(length) === '!') return [handle(source, 'tag'), uri(source, 'tag')];
  source.forward();
  return ['!', uri(source, 'tag')];
}

function handle(source: Characters, name: string): string {
  const expected = (): never =>
    source.stop(`while scanning a ${name}: expected '!', but found ${shown(source.peek())}`);
  if (source.peek() !== '!') expected();
  source.forward();
  if (source.peek() === ' ') return '!';
  const own = word(source);
  if (source.peek() !== '!') expected();
  source.forward();
  return `!${own}!`;
}

function uri(source: Characters, name: string): string {
  const chunks: string[] = [];
  for (;;) {
    const next = source.peek();
    if (next === '%') chunks.push(uriEscapes(source, name));
    else if (/[\w\-;/?:@&=+$,.!~*'()[\]]/.test(next)) chunks.push(source.take(1));
    else break;
  }
  if (chunks.length === 0) source.stop(`while parsing a ${name}: expected URI, but found ${shown(source.peek())}`);
  return chunks.join('');
}

function uriEscapes(source: Characters, name: string): string {
  const start = source.at;
  const codes: string[] = [];
  while (source.peek() === '%') {
    source.forward();
    const digits = source.prefix(2);
    if (!/^[\dA-Fa-f]{2}$/.test(digits)) {
      source.stop(
        `while scanning a ${name}: expected URI escape sequence of 2 hexadecimal numbers, but found ${shown(source.peek())}`,
      );
    }
    codes.push(`%${digits}`);
    source.forward(2);
  }
  try {
    return decodeURIComponent(codes.join(''));
  } catch {
    return source.stop(`while scanning a ${name}: 'utf-8' codec can't decode ${codes.join('')}`, start);
  }
}

export type Directive =
  { name: 'YAML'; major: number } | { name: 'TAG'; handle: string; prefix: string } | { name: 'other' };

/** `%YAML 1.1`, `%TAG ! x`; others are passed over. */
export function scanDirective(source: Characters): Directive {
  source.forward();
  const name = word(source);
  if (name === '' || !BLANKS.includes(source.peek())) {
    directiveStop(source, 'alphabetic or numeric character');
  }
  const directive = directiveValue(source, name);
  source.skip(' ');
  source.comment();
  if (!`\0${BREAKS}`.includes(source.peek())) directiveStop(source, 'a comment or a line break');
  source.lineBreak();
  return directive;
}

function directiveStop(source: Characters, expected: string): never {
  source.stop(`while scanning a directive: expected ${expected}, but found ${shown(source.peek())}`);
}

function directiveValue(source: Characters, name: string): Directive {
  if (name === 'YAML') {
    source.skip(' ');
    const major = digits(source);
    if (source.peek() !== '.') directiveStop(source, "a digit or '.'");
    source.forward();
    digits(source);
    if (!BLANKS.includes(source.peek())) directiveStop(source, "a digit or ' '");
    return { name, major };
  }
  if (name === 'TAG') {
    source.skip(' ');
    const own = handle(source, 'directive');
    if (source.peek() !== ' ') directiveStop(source, "' '");
    source.skip(' ');
    const prefix = uri(source, 'directive');
    if (!BLANKS.includes(source.peek())) directiveStop(source, "' '");
    return { name, handle: own, prefix };
  }
  source.until(`\0${BREAKS}`);
  return { name: 'other' };
}

function digits(source: Characters): number {
  let length = 0;
  while (/\d/.test(source.peek(length))) length += 1;
  if (length === 0) directiveStop(source, 'a digit');
  return Number(source.take(length));
}
