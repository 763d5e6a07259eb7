import { forEachChild, type Script, type SyntaxNode } from 'unbash';

/** Nodes that run in a subshell, or (functions) not at the place where they are written. */
const APART = new Set([
  'Subshell',
  'CommandExpansion',
  'ArithmeticCommandExpansion',
  'ProcessSubstitution',
  'Function',
]);

/** Syntax through which a command uses or stores words instead of only showing them: `$(…)`, `>(…)`, `printf -v`, `${N:=1}`. */
const TAKES = /\$\(|`|[<>]\(|\s-v|\$\{\w+:?=/;

/**
 * Ranges of a script that are only shown to people: `echo "alpha $A"`. Not shown: text that goes into a pipe, a file or
 * a variable, and text that a function prints, which may be its result.
 */
export function shownIn(script: Script, text: string): { pos: number; end: number }[] {
  const found: { pos: number; end: number }[] = [];
  // `exec > log`: everything goes into a file.
  if (/\bexec\b[^\n]{0,300}>/.test(text)) return found;
  const visit = (node: SyntaxNode): void => {
    if (isApart(node) || node.type === 'Redirected') return;
    if (node.type !== 'Command') {
      forEachChild(node, visit);
      return;
    }
    const { name, redirects, pos, end } = node;
    const isShown = /^(?:echo|printf)$/.test(name?.value ?? '') && redirects.length === 0;
    if (isShown && !TAKES.test(text.slice(pos, end))) found.push({ pos, end });
  };
  visit(script);
  return found;
}

function isApart(node: SyntaxNode): boolean {
  return (
    APART.has(node.type) ||
    (node.type === 'Statement' && node.background === true) ||
    (node.type === 'Pipeline' && node.commands.length > 1)
  );
}
