import { ownerOf } from '../../../../syntax/python/names';
import { lastName } from '../../../../syntax/python/outline';
import type { Expression, Scope } from '../../../../syntax/python/scope';
import type { Flow } from './flow';

/** Finds the statements that give a variable something, or add to it or to a part of it. */
export function statementsSetting({
  program: { tree, text, outline },
}: Flow): (variable: Expression) => readonly Expression[] {
  let known: Map<Scope | null, Map<string, Expression[]>> | null = null;
  const source = (node: Expression): string => text.slice(node.from, node.to);
  const scopeOf = (variable: Expression): Scope | null => ownerOf(outline, source(variable), variable.from);
  const find = (): Map<Scope | null, Map<string, Expression[]>> => {
    const found = new Map<Scope | null, Map<string, Expression[]>>();
    tree.iterate({
      enter(at) {
        if (!/^(?:AssignStatement|UpdateStatement|CallExpression)$/.test(at.name)) return;
        const { node } = at;
        const { firstChild: first } = node;
        const isAdding = at.name !== 'CallExpression' || ADDS.test(lastName(text, first));
        let target = at.name === 'CallExpression' ? first?.firstChild : first;
        // `group["lr"] = 1`
        if (target?.name === 'MemberExpression' && !target.getChild('PropertyName')) target = target.firstChild;
        if (!isAdding || target?.name !== 'VariableName') return;
        const scope = scopeOf(target);
        const names = found.get(scope) ?? new Map<string, Expression[]>();
        found.set(scope, names);
        const all = names.get(source(target));
        if (all) all.push(node);
        else names.set(source(target), [node]);
      },
    });
    return found;
  };
  return (variable) => (known ??= find()).get(scopeOf(variable))?.get(source(variable)) ?? [];
}

const ADDS = /^(?:extend|append|insert|add|update|setdefault)$/;
