import { childrenOf } from '../bindings';
import type { Taken, Truth } from '../names';
import type { Block, Expression, PythonTree } from '../scope';
import type { ScalarNode, SyntaxNode } from '../../tree';

const of = (holds: boolean, { unset, lock }: ScalarNode): Truth => {
  const option = unset ?? lock?.option;
  return { holds, options: option === undefined ? [] : [option] };
};

/** Tells which branches of a program run, from its text and the defaults of its options. */
export class Branches implements Taken {
  private readonly known = new Map<number, Truth | null>();
  private readonly bodies = new Map<number, readonly Expression[]>();

  constructor(
    private readonly text: string,
    private readonly tree: PythonTree,
    private readonly evaluate: (expression: Expression) => SyntaxNode,
  ) {}

  /**
   * The options whose defaults skip the branch around `offset`; empty if the text alone skips the branch, null if the
   * branch may run.
   */
  leftOutBy(offset: number): readonly string[] | null {
    for (const body of this.around(offset)) {
      const truth = this.ofBody(body);
      if (truth?.holds === false) return truth.options;
    }
    return null;
  }

  /** The branches around an offset, from the inside out. */
  private around(offset: number): readonly Expression[] {
    const known = this.bodies.get(offset);
    if (known) return known;
    const bodies: Expression[] = [];
    for (let node: Expression | null = this.tree.resolveInner(offset, 1); node; node = node.parent) {
      if (node.name === 'Body' && node.parent?.name === 'IfStatement') bodies.push(node);
    }
    this.bodies.set(offset, bodies);
    return bodies;
  }

  runs({ from, to }: Block): Truth | null {
    const known = this.known.get(from);
    if (known !== undefined) return known;
    let node: Expression | null = this.tree.resolveInner(from, 1);
    while (node && (node.name !== 'Body' || node.from !== from || node.to !== to)) node = node.parent;
    const truth = node && this.ofBody(node);
    this.known.set(from, truth);
    return truth;
  }

  private ofBody(body: Expression): Truth | null {
    if (body.parent?.name !== 'IfStatement') return null;
    const known = this.known.get(body.from);
    if (known !== undefined) return known;
    // The branch itself may set a name that its condition uses; null ends that recursion.
    this.known.set(body.from, null);
    const truth = this.computed(body);
    this.known.set(body.from, truth);
    return truth;
  }

  /** A branch runs if its own condition holds and no condition before it does. */
  private computed(body: Expression): Truth | null {
    const isElse = body.prevSibling?.name === 'else';
    const tests: (Truth | null)[] = [];
    for (let at: Expression | null = body; at; at = at.prevSibling) {
      const test = at.name === 'Body' && !(at.from === body.from && isElse) ? at.prevSibling : null;
      if (!test) continue;
      const truth = this.truthOf(test);
      tests.push(truth && at.from !== body.from ? { ...truth, holds: !truth.holds } : truth);
    }
    const never = tests.find((truth) => truth?.holds === false);
    if (never) return never;
    if (tests.some((truth) => truth === null)) return null;
    return { holds: true, options: [...new Set(tests.flatMap((truth) => truth?.options ?? []))] };
  }

  /** The value of a condition; null if unknown. */
  private truthOf(test: Expression): Truth | null {
    const children = childrenOf(test);
    const [left, operator, right] = children;
    if (test.name === 'ParenthesizedExpression' && operator) return this.truthOf(operator);
    if (test.name === 'UnaryExpression' && left?.name === 'not' && operator) {
      const inner = this.truthOf(operator);
      return inner && { ...inner, holds: !inner.holds };
    }
    if (test.name === 'BinaryExpression' && left && operator && right) {
      if (operator.name === 'and' || operator.name === 'or') {
        return joined(operator.name === 'or', this.truthOf(left), this.truthOf(right));
      }
      return this.comparison(left, children);
    }
    const node = this.evaluate(test);
    if (node.kind !== 'scalar') return null;
    if (node.unset !== undefined) return of(false, node);
    if (node.unresolved !== undefined) return null;
    return of(node.value !== null && node.value !== false && node.value !== 0 && node.value !== '', node);
  }

  /** `args.resume is not None`, `args.optimizer.lower() == "prodigy"` */
  private comparison(left: Expression, children: readonly Expression[]): Truth | null {
    const words = children.slice(1).map(({ from, to }) => this.text.slice(from, to));
    const operator = words.slice(0, -1).join(' ');
    const wanted = words.at(-1) ?? '';
    const isLowered = left.name === 'CallExpression' && /\.lower\(\)$/.test(this.text.slice(left.from, left.to));
    const node = this.evaluate(isLowered && left.firstChild?.firstChild ? left.firstChild.firstChild : left);
    if (node.kind !== 'scalar' || (node.unresolved !== undefined && node.unset === undefined)) return null;
    if (wanted === 'None' && /^(?:is|==)$/.test(operator)) return of(node.value === null, node);
    if (wanted === 'None' && /^(?:is not|!=)$/.test(operator)) return of(node.value !== null, node);
    const quoted = /^(["'])([\w.-]*)\1$/.exec(wanted)?.[2];
    const isOther = typeof node.value !== 'string' && node.value !== null;
    if (quoted === undefined || isOther || (isLowered && node.value === null)) return null;
    if (operator !== '==' && operator !== '!=') return null;
    const value = isLowered ? String(node.value).toLowerCase() : node.value;
    return of((value === quoted) === (operator === '=='), node);
  }
}

/** `or` or `and` of two conditions: one known side can decide (true for `or`, false for `and`). */
function joined(decides: boolean, one: Truth | null, other: Truth | null): Truth | null {
  const decided = [one, other].filter((truth) => truth?.holds === decides);
  const [first] = decided.toSorted((a, b) => (a?.options.length ?? 0) - (b?.options.length ?? 0));
  if (first) return first;
  return one && other && { holds: !decides, options: [...new Set([...one.options, ...other.options])] };
}
