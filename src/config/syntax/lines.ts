import * as l10n from '@vscode/l10n';
import { forLast } from './for-last';
import { countWhile } from '../../recipe/search';

export const lineAt = (text: string, offset: number): number => countWhile(feedsOf(text), (feed) => feed < offset) + 1;

/** Line feeds of the last texts: a file, a cell and a program in it are asked for in turn, many times. */
const feedsOf = forLast(4, (text: string): readonly number[] => {
  const feeds: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) feeds.push(at);
  return feeds;
});

/** One-based column of an offset, in UTF-16 code units. */
export function columnAt(text: string, offset: number): number {
  const feeds = feedsOf(text);
  return offset - (feeds[countWhile(feeds, (feed) => feed < offset) - 1] ?? -1);
}

export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Offset after the last character of the line, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed === -1) return text.length;
  return text[feed - 1] === '\r' && feed > offset ? feed - 1 : feed;
}

/** The line end used around `offset`: of its own line, else of the line before, else `\n`. */
export function lineEndingAt(text: string, offset: number): string {
  const feed = text.indexOf('\n', offset);
  const near = feed === -1 ? text.lastIndexOf('\n') : feed;
  return near > 0 && text[near - 1] === '\r' ? '\r\n' : '\n';
}

/** Words for an offset of a text: `line 12`. */
export type Where = (offset: number) => string;

export const lineWords =
  (text: string): Where =>
  (offset) =>
    l10n.t`line ${lineAt(text, offset)}`;
