import type { Range } from '../reading';
import { lineStart } from '../syntax/lines';
import type { Document } from './document';

const LOADED = /\byaml\.\w{0,9}load\(\s{0,9}(r?)("""|''')/g;

/** The YAML that a program holds as a text and loads where it stands: `yaml.safe_load("""…""")`. */
export function textsIn(program: Document): Document[] {
  const { text, syntax } = program;
  const code = syntax === 'python' ? text : '';
  return [...code.matchAll(LOADED)].flatMap(({ 0: head, 1: raw, 2: quotes = '', index }) => {
    const start = index + head.length;
    const end = text.indexOf(quotes, start);
    const isWhole = end !== -1 && /^\s{0,99}\)/.test(text.slice(end + quotes.length, end + 100));
    const isComment = text.slice(lineStart(text, index), index).includes('#');
    const isPlain = raw !== '' || !text.slice(start, end).includes('\\');
    return isWhole && isPlain && !isComment ? partOf(program, { start, end }) : [];
  });
}

function partOf({ text, file, place }: Document, { start, end }: Range): Document {
  const around = (range: Range): Range => ({ start: range.start + start, end: range.end + start });
  const { inCell } = place ?? {};
  return {
    text: text.slice(start, end),
    syntax: 'yaml',
    file,
    place: {
      toFile: (range) => (place ? place.toFile(around(range)) : around(range)),
      ...(inCell && { inCell: (offset: number) => inCell(offset + start) }),
      encode: (added, at) => place?.encode(added, at + start) ?? added,
    },
  };
}
