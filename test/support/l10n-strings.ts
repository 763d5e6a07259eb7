import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const SOURCES = path.resolve(import.meta.dirname, '../../src');

/**
 * Every string of the sources that translators get, as `npm run l10n` exports them, in a few seconds instead of a
 * minute: `l10n.t('Run')` → `Run`, ``l10n.t`rank ${rank}` `` → `rank {0}`. A comment tells homonyms apart: `Run/the noun`.
 */
export function l10nStrings(): string[] {
  const found = new Set<string>();
  for (const name of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const text = readFileSync(path.join(SOURCES, name), 'utf8');
    if (text.includes('l10n.t')) collect(ts.createSourceFile(name, text, ts.ScriptTarget.Latest), found);
  }
  return [...found];
}

function collect(file: ts.SourceFile, found: Set<string>): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isLocaliser(node.expression, file)) {
      const [message] = node.arguments;
      if (message && ts.isStringLiteralLike(message)) found.add(message.text);
      if (message && ts.isObjectLiteralExpression(message)) found.add(commentedKey(message));
    }
    if (ts.isTaggedTemplateExpression(node) && isLocaliser(node.tag, file)) found.add(messageOf(node.template));
    ts.forEachChild(node, visit);
  };
  visit(file);
}

/** `l10n.t` and `vscode.l10n.t`. */
function isLocaliser(node: ts.Node, file: ts.SourceFile): boolean {
  return /(?:^|\.)l10n\.t$/.test(node.getText(file));
}

/** `{ message: 'Run', comment: ['the noun'] }` → `Run/the noun` */
function commentedKey(object: ts.ObjectLiteralExpression): string {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(object);
  return texts.join('/');
}

function messageOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (message, { literal }, index) => `${message}{${index}}${literal.text}`,
    template.head.text,
  );
}
