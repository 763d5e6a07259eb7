import type { SyntaxId } from '../reading';
import { wholeFile, type Document } from './document';
import { heredocDocuments } from './heredoc';
import { notebookDocuments } from './notebook';

/** The texts within a file that are read by themselves, in the file's order. Cheap: nothing is parsed as a config yet. */
export function documentsOf(text: string, syntax: SyntaxId): readonly Document[] {
  if (syntax === 'notebook') return notebookDocuments(text);
  return syntax === 'shell' ? [wholeFile(text, syntax), ...heredocDocuments(text)] : [wholeFile(text, syntax)];
}
