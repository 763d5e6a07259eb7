import { childrenOf } from '../../../syntax/python/bindings';
import { scopeAt } from '../../../syntax/python/outline';
import type { Binding, Expression, Scope } from '../../../syntax/python/scope';
import type { Program } from '../../../syntax/python/program';
import { MAKES_LORA_MODEL } from './kinds';

/** What a program assigns, loops over, returns, defines: all that moves an object from one name to another. */
export interface Facts {
  assignments: { targets: Expression[]; value: Expression; isItem: boolean }[];
  returns: { scope: Scope; values: Expression[] }[];
  /** By where the name stands. */
  bindings: Map<number, Binding>;
  /** By where the definition begins. */
  definitions: Map<number, { definition: Expression; scope: Scope }>;
  /** What each class is derived from. */
  bases: Map<Scope, string[]>;
  /** Names that a generator among the arguments of a call binds, and where they hold. */
  generators: Map<string, { from: number; to: number; binding: Binding }[]>;
  /** Calls behind which a model has LoRA. */
  lora: Expression[];
}

/** One walk over the tree. */
export function factsOf({ text, tree, outline, path }: Program): Facts {
  const facts: Facts = {
    ...{ assignments: [], returns: [], bindings: new Map(), definitions: new Map(), bases: new Map() },
    generators: new Map(),
    lora: outline.calls.filter((call) => call.firstChild && MAKES_LORA_MODEL.test(path(call.firstChild))),
  };
  // Where a trainer puts LoRA in, the config is the last that surely comes before.
  if (facts.lora.length === 0) facts.lora.push(...(outline.callsByName.get('LoraConfig') ?? []));
  const scopes = [outline.module];
  for (let scope = scopes.pop(); scope; scope = scopes.pop()) {
    scopes.push(...scope.children);
    for (const bindings of scope.bindings.values()) {
      for (const binding of bindings)
        if (!facts.bindings.has(binding.nameRange.start)) facts.bindings.set(binding.nameRange.start, binding);
    }
  }
  tree.iterate({
    enter({ name, node }) {
      if (name === 'AssignStatement') {
        const groups = splitAt(childrenOf(node), 'AssignOp');
        const values = groups.length > 1 ? (groups.pop() ?? []) : [];
        const [value] = values;
        if (value && values.length === 1) {
          for (const targets of groups) facts.assignments.push({ targets, value, isItem: false });
        } else {
          for (const targets of groups) {
            targets.forEach((target, i) => {
              const own = values[i];
              if (own) facts.assignments.push({ targets: [target], value: own, isItem: false });
            });
          }
        }
      } else if (name === 'ReturnStatement') {
        const values = childrenOf(node).filter((child) => isObject(child.name));
        const [only] = values;
        const items = values.length === 1 && only ? (itemsOf(only) ?? values) : values;
        facts.returns.push({ scope: scopeAt(outline, node.from), values: items });
      } else if (name === 'NamedExpression') {
        const [target, value] = childrenOf(node).filter((child) => isObject(child.name));
        if (target && value) facts.assignments.push({ targets: [target], value, isItem: false });
      } else if (name === 'WithStatement') {
        childrenOf(node).forEach((child) => {
          if (child.name === 'as' && child.prevSibling && child.nextSibling)
            facts.assignments.push({ targets: [child.nextSibling], value: child.prevSibling, isItem: false });
        });
      } else if (name === 'FunctionDefinition' || name === 'ClassDefinition') {
        const body = node.getChild('Body');
        const scope = body ? scopeAt(outline, body.from) : null;
        if (!scope) return;
        facts.definitions.set(node.from, { definition: node, scope });
        if (name === 'ClassDefinition') {
          const bases = childrenOf(node.getChild('ArgList') ?? node).filter((child) => isObject(child.name));
          facts.bases.set(
            scope,
            bases.map((base) => path(base)),
          );
        }
      } else {
        for (const [targets, value] of loopsIn(node)) {
          facts.assignments.push({ targets, value, isItem: true });
          if (name === 'ArgList') for (const target of targets) bindInGenerator(facts, text, node, target);
        }
      }
    },
  });
  return facts;
}

/** The outline has no scope for a generator that stands among a call's arguments. */
function bindInGenerator(facts: Facts, text: string, { from, to }: Expression, target: Expression): void {
  for (const each of itemsOf(target) ?? [target]) {
    if (each.name !== 'VariableName') continue;
    const name = text.slice(each.from, each.to);
    const nameRange = { start: each.from, end: each.to };
    const binding: Binding = { name, kind: 'other', from, to: from, nameRange, value: null, block: null };
    facts.bindings.set(each.from, binding);
    facts.generators.set(name, [...(facts.generators.get(name) ?? []), { from, to, binding }]);
  }
}

/** `for a, b in value` of a statement, a comprehension or a generator among arguments. */
function loopsIn(node: Expression): [Expression[], Expression][] {
  if (!/^ForStatement$|Comprehension|^ArgList$/.test(node.name)) return [];
  const found: [Expression[], Expression][] = [];
  let targets: Expression[] | null = null;
  for (const child of childrenOf(node)) {
    if (child.name === 'for') targets = [];
    else if (child.name === 'in') {
      if (targets && child.nextSibling) found.push([targets, child.nextSibling]);
      targets = null;
    } else if (targets && isObject(child.name)) targets.push(child);
  }
  return found;
}

/** What a comprehension or a dict is made of, without what it goes through. */
export function elementsOf(expression: Expression): Expression[] {
  const children = childrenOf(expression);
  const end = children.findIndex(({ name }) => name === 'for' || name === 'async');
  return children.slice(0, end < 0 ? children.length : end).filter(({ name }) => isObject(name));
}

function splitAt(nodes: readonly Expression[], mark: string): Expression[][] {
  const groups: Expression[][] = [[]];
  for (const node of nodes) {
    if (node.name === mark) groups.push([]);
    else if (isObject(node.name)) groups.at(-1)?.push(node);
  }
  return groups;
}

/** Whether a node is an expression, not a word or a mark of the syntax. */
export function isObject(name: string): boolean {
  return /(?:Expression|Name|String)$|^(?:Number|Boolean|None)$/.test(name);
}

export function itemsOf(node: Expression): Expression[] | null {
  if (!['TupleExpression', 'ArrayExpression'].includes(node.name)) {
    return node.name === 'ParenthesizedExpression' && node.firstChild?.nextSibling
      ? itemsOf(node.firstChild.nextSibling)
      : null;
  }
  return childrenOf(node).filter(({ name }) => isObject(name));
}
