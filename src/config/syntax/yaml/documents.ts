import * as l10n from '@vscode/l10n';
import { Lexer, parseAllDocuments, visit, type Document, type Scalar } from 'yaml';
import { forLast } from '../for-last';
import { Odd, Stop } from '../stop';

const NON_PRINTABLE = /[^\t\n\r\x20-\x7E\x85\xA0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** Line ends of YAML 1.1 that the package does not know, and byte order marks inside of a text. */
const ODD_CHARACTER = /\r(?!\n)|[\x85\u2028\u2029]|(?<!^)\uFEFF/;

/** The marks that the lexer of the package puts before the source of a scalar, and at the ends of documents. */
const SCALAR = '\x1f';
const MARKS = ['\x02', '\x18', SCALAR];

/** No scalar is resolved, and no tag: the tree does that by the rules of the loader. */
const OPTIONS = { schema: 'failsafe', resolveKnownTags: false, uniqueKeys: false, prettyErrors: false } as const;

/** @throws Stop at what is no YAML */
export const documentsIn = forLast(1, (text: string): readonly Document.Parsed[] => {
  checkCharacters(text);
  const documents = parseAllDocuments(text, OPTIONS);
  if (!Array.isArray(documents)) return [];
  for (const document of documents as Document.Parsed[]) {
    // `[a]#note` is an error to this package alone.
    const error = document.errors.find(({ message }) => !message.startsWith('Comments must be separated'));
    if (error?.code === 'RESOURCE_EXHAUSTION') throw new RangeError(error.message);
    if (error) throw stopAt(text, error.message, error.pos[0], document);
  }
  return documents as Document.Parsed[];
});

/** PyYAML reads strings and lists over several lines at any indentation; YAML, and the package, require some. */
function stopAt(text: string, message: string, noticed: number, document: Document.Parsed): Stop {
  const isBracket = /sufficiently indented/.test(message) && /^[^\n:]*[\]}]/.test(text.slice(noticed, noticed + 500));
  if (isBracket) return new Odd(INDENT_MORE, noticed);
  if (!/^Missing closing .*quote/.test(message)) return new Stop(message, noticed);
  const opening = openingQuote(document, noticed);
  const goesOn = text.includes(text[opening] ?? '', opening + 1);
  return goesOn ? new Odd(INDENT_MORE, opening) : new Stop(message, opening);
}

/** The package notices an unclosed quote at the end of the file; this finds where the quote opens. */
function openingQuote(document: Document.Parsed, noticed: number): number {
  let opening = noticed;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith('QUOTE') && range && range[1] >= noticed - 1) opening = range[0];
    },
  });
  return opening;
}

const INDENT_MORE = l10n.t(
  'LoRA Alpha does not read a quoted string, or a list in brackets, that goes on in a line without indentation. Indent that line deeper than its key.',
);

/**
 * What PyYAML refuses, or reads in another way, and the package `yaml` does not: special characters, tabs that are not in
 * quotes, comments or blocks of text, and directives.
 * @throws Stop
 */
function checkCharacters(text: string): void {
  const special = NON_PRINTABLE.exec(text);
  if (special) {
    const words = `unacceptable character #x${codeOf(special[0])}: special characters are not allowed`;
    throw new Stop(words, special.index);
  }
  const odd = ODD_CHARACTER.exec(text);
  if (odd) throw unread(`U+${codeOf(odd[0])}`, odd.index);
  if (/^\uFEFF?%|[\t!]/m.test(text)) checkLexemes(text);
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
}

function checkLexemes(text: string): void {
  let at = 0;
  let before = '';
  let isScalar = false;
  /** Whether the next scalar is a block of text: its header was read. */
  let isBlock = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.includes(lexeme) || lexeme === '') {
      isScalar = lexeme === SCALAR;
      continue;
    }
    const tab = lexeme.indexOf('\t');
    if (tab >= 0 && (isScalar ? !isBlock : /^[ \t]/.test(lexeme))) {
      throw new Stop("while scanning for the next token: found character '\\t' that cannot start any token", at + tab);
    }
    if (lexeme.startsWith('%') && /^\uFEFF?$|\n/.test(before)) checkDirective(lexeme, at);
    // PyYAML takes a comma for a part of a tag.
    if (before.startsWith('!') && /^[,\]}]/.test(lexeme)) throw unread(before, at);
    isBlock = isScalar ? false : isBlock || /^[|>]/.test(lexeme);
    before = lexeme;
    isScalar = false;
    at += lexeme.length;
  }
}

function checkDirective(line: string, at: number): void {
  const major = /^%YAML +(\d+)\.\d+ *$/.exec(line)?.[1];
  if (major === undefined) throw unread(line, at);
  if (major !== '1') throw new Stop('found incompatible YAML document (version 1.* is required)', at);
}

/**
 * In brackets, PyYAML ends words at a `?`. It counts the indentation of a block in another way, and keeps blank lines
 * behind a line that `\` continues.
 * @throws Stop
 */
export function checkScalar(
  { type, tag, range: [start, end] }: Scalar.Parsed,
  text: string,
  isInBrackets: boolean,
): void {
  const source = text.slice(start, end);
  if (type?.startsWith('QUOTE') && !isClosed(source)) throw new Stop('Missing closing quote', start);
  const isOdd =
    type === 'PLAIN' ? isInBrackets && /^:|[?]/.test(source) : /^"[^]*\\\r?\n[ \t]*\r?\n|^[|>][-+]?[\d#]/.test(source);
  const isTagOpen = tag !== undefined && source !== '' && /\S/.test(text[start - 1] ?? ' ');
  if (isOdd || isTagOpen) throw unread(source, start);
}

/** Whether the last quote of a text is one that ends it: not a part of `''` or `\"`. */
function isClosed(quoted: string): boolean {
  return /^'(?:[^']|'')*'$|^"(?:[^"\\]|\\[^])*"$/.test(quoted);
}

/** What PyYAML may read, and LoRA Alpha does not. */
export function unread(source: string, offset: number): Odd {
  const shown = source.replace(/\s+/g, ' ').slice(0, 40);
  return new Odd(l10n.t`LoRA Alpha does not read this YAML: ${shown}. Write it in a plainer way.`, offset);
}
