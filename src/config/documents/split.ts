import type { SyntaxId } from '../reading';
import { wholeFile, type Document } from './document';
import { heredocDocuments } from './heredoc';
import { notebookDocuments } from './notebook';
import { pythonTexts } from './python-texts';

/** The documents of a file, in the order of the file. Cheap: no config is parsed yet. */
export function documentsOf(text: string, syntax: SyntaxId): readonly Document[] {
  const documents = syntax === 'notebook' ? notebookDocuments(text) : [wholeFile(text, syntax)];
  const within = syntax === 'shell' ? heredocDocuments(text) : documents.flatMap(textsIn);
  return [...documents, ...within];
}

function textsIn(document: Document): readonly Document[] {
  return document.syntax === 'python' ? pythonTexts(document) : [];
}
