import * as l10n from '@vscode/l10n';
import { isAlias, isNode, parseAllDocuments, visit, type Document, type Scalar } from 'yaml';
import { forLast } from '../for-last';
import { Odd, Stop } from '../stop';

const NON_PRINTABLE = /[^\t\n\r\x20-\x7E\x85\xA0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** Line ends of YAML 1.1 that the package does not know, byte order marks inside of a text, directives. */
const ODD_CHARACTER = /\r(?!\n)|[\x85\u2028\u2029]|(?<!^)\uFEFF/;
const DIRECTIVE = /^\uFEFF?%.*/m;
const TAB = /^(?! *#).*\t/m;

/** No scalar is resolved, and no tag: the tree does that by the rules of the loader. */
const OPTIONS = { schema: 'failsafe', resolveKnownTags: false, uniqueKeys: false, prettyErrors: false } as const;

/** @throws Stop at what is no YAML, and at what PyYAML reads in another way */
export const documentsIn = forLast(1, (text: string): readonly Document.Parsed[] => {
  checkCharacters(text);
  const documents = parseAllDocuments(text, OPTIONS) as readonly Document.Parsed[];
  for (const document of documents) {
    // `[a]#note` is an error to this package alone.
    const error = document.errors.find(({ message }) => !message.startsWith('Comments must be separated'));
    if (error?.code === 'RESOURCE_EXHAUSTION') throw new RangeError(error.message);
    if (error) throw stopAt(error.message, error.pos[0], document);
    checkNames(document);
  }
  return documents;
});

/** PyYAML reads strings and lists over several lines at any indentation; YAML, and the package, require some. */
function stopAt(message: string, noticed: number, document: Document.Parsed): Stop {
  if (/sufficiently indented/.test(message)) return new Odd(NOT_CLOSED, noticed);
  if (!/^Missing closing .*quote/.test(message)) return new Stop(message, noticed);
  // The package notices an unclosed quote at the end of the file.
  let opening = noticed;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith('QUOTE') && range && range[1] >= noticed - 1) opening = range[0];
    },
  });
  return new Odd(NOT_CLOSED, opening);
}

const NOT_CLOSED = l10n.t(
  'This quoted string or list in brackets is not closed, or it goes on in a line without indentation, which LoRA Alpha does not read.',
);

/** @throws Stop at special characters, tabs and directives */
function checkCharacters(text: string): void {
  const special = NON_PRINTABLE.exec(text);
  if (special) {
    const words = `unacceptable character #x${codeOf(special[0])}: special characters are not allowed`;
    throw new Stop(words, special.index);
  }
  const odd = ODD_CHARACTER.exec(text);
  if (odd) throw unread(`U+${codeOf(odd[0])}`, odd.index);
  const directive = DIRECTIVE.exec(text);
  if (directive) throw unread(directive[0].replace('\uFEFF', ''), directive.index);
  const tab = TAB.exec(text);
  if (!tab) return;
  throw new Odd(l10n.t('LoRA Alpha does not read YAML with tabs. Use spaces.'), tab.index + tab[0].length - 1);
}

const codeOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');

/** @throws Stop at a tag, at an anchor that is given twice, and at an alias without an anchor */
function checkNames(document: Document.Parsed): void {
  const given = new Set<string>();
  visit(document, (_, node) => {
    if (!isNode(node)) return;
    const at = node.range?.[0] ?? 0;
    if (isAlias(node)) {
      if (!given.has(node.source)) throw new Stop(`found undefined alias '${node.source}'`, at);
      return;
    }
    const { tag, anchor } = node;
    if (tag !== undefined) throw unread(tag.replace(/^tag:yaml\.org,2002:/, '!!'), at);
    if (anchor === undefined) return;
    if (!/^[\w-]+$/.test(anchor)) throw unread(`&${anchor}`, at);
    if (given.has(anchor)) throw new Stop(`found duplicate anchor '${anchor}'; a document may give a name once`, at);
    given.add(anchor);
  });
}

/**
 * In brackets, PyYAML ends words at a `?`. It counts the indentation of a block in another way, and keeps blank lines
 * behind a line that `\` continues.
 * @throws Stop
 */
export function checkScalar({ type, range: [start, end] }: Scalar.Parsed, text: string, isInBrackets: boolean): void {
  const source = text.slice(start, end);
  // Whether the last quote ends the text: it is no part of `''` or `\"`.
  if (type?.startsWith('QUOTE') && !/^'(?:[^']|'')*'$|^"(?:[^"\\]|\\[^])*"$/.test(source)) {
    throw new Odd(NOT_CLOSED, start);
  }
  const isOdd =
    type === 'PLAIN'
      ? /^(?:=|<<)$/.test(source) || (isInBrackets && /^:|[?]/.test(source))
      : /^"[^]*\\\r?\n[ \t]*\r?\n|^[|>][-+]?[\d#]/.test(source);
  if (isOdd) throw unread(source, start);
}

/** What PyYAML may read, and LoRA Alpha does not. */
export function unread(source: string, offset: number): Odd {
  const shown = source.replace(/\s+/g, ' ').slice(0, 40);
  return new Odd(l10n.t`LoRA Alpha does not read this YAML: ${shown}. Write it in a plainer way.`, offset);
}
