import type { SyntaxId } from '../reading';
import { wholeFile, type Document } from './document';
import { notebookDocuments } from './notebook';

/** The texts within a file that are read by themselves, in the file's order. Cheap: nothing is parsed as a config yet. */
export function documentsOf(text: string, syntax: SyntaxId): readonly Document[] {
  return syntax === 'notebook' ? notebookDocuments(text) : [wholeFile(text, syntax)];
}
