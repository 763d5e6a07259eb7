import { countWhile } from '../search';

/** The script with Unix line ends and without its byte order mark, and the offsets of the file. */
export function withoutReturns(source: string): { text: string; at: (offset: number) => number } {
  const lead = source.startsWith('\uFEFF') ? 1 : 0;
  const body = source.slice(lead);
  if (!body.includes('\r\n')) return { text: body, at: (offset) => offset + lead };
  // Offsets in the new text of line feeds whose carriage return was removed.
  const feeds: number[] = [];
  const text = body.replace(/\r\n/g, (_, index: number) => {
    feeds.push(index - feeds.length);
    return '\n';
  });
  const at = (offset: number): number => offset + lead + countWhile(feeds, (feed) => feed < offset);
  return { text, at };
}
