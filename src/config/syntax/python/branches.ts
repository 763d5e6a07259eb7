import { childrenOf } from './bindings';
import type { Block, Expression, PythonTree } from './scope';
import type { ScalarNode, SyntaxNode } from '../tree';

/** What a condition is, and the options by whose defaults it is so: `{ holds: false, options: ['--resume'] }`. */
export interface Truth {
  holds: boolean;
  options: readonly string[];
}

const of = (holds: boolean, { unset, lock }: ScalarNode): Truth => {
  const option = unset ?? lock?.option;
  return { holds, options: option === undefined ? [] : [option] };
};

/** Tells which branches of a program run, as far as its text and the defaults of its options say. */
export class Branches {
  private readonly known = new Map<number, Truth | null>();

  constructor(
    private readonly text: string,
    private readonly tree: PythonTree,
    private readonly evaluate: (expression: Expression) => SyntaxNode,
  ) {}

  /**
   * By the defaults of which options a place stands in a branch that is not taken; empty where the text alone says so,
   * null where it may be taken.
   */
  leftOutBy(offset: number): readonly string[] | null {
    for (let node: Expression | null = this.tree.resolveInner(offset, 1); node; node = node.parent) {
      const truth = node.name === 'Body' ? this.ofBody(node) : null;
      if (truth?.holds === false) return truth.options;
    }
    return null;
  }

  /** Whether a block runs where its statement is reached; null where that is open. */
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
    // What a condition is made of may itself be set in the branch.
    this.known.set(body.from, null);
    const truth = this.computed(body);
    this.known.set(body.from, truth);
    return truth;
  }

  /** A branch runs where its own condition holds and none before it does. */
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

  /** What a condition is by this text; null where that is open. */
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
    if (node.elsewhere !== undefined) return null;
    return of(node.value !== null && node.value !== false && node.value !== 0 && node.value !== '', node);
  }

  /** `args.resume is not None`, `args.optimizer.lower() == "prodigy"` */
  private comparison(left: Expression, children: readonly Expression[]): Truth | null {
    const words = children.slice(1).map(({ from, to }) => this.text.slice(from, to));
    const operator = words.slice(0, -1).join(' ');
    const wanted = words.at(-1) ?? '';
    const isLowered = left.name === 'CallExpression' && /\.lower\(\)$/.test(this.text.slice(left.from, left.to));
    const node = this.evaluate(isLowered && left.firstChild?.firstChild ? left.firstChild.firstChild : left);
    if (node.kind !== 'scalar' || (node.elsewhere !== undefined && node.unset === undefined)) return null;
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

/** `or` of two conditions, or `and`: one that decides is enough. */
function joined(decides: boolean, one: Truth | null, other: Truth | null): Truth | null {
  const decided = [one, other].filter((truth) => truth?.holds === decides);
  const [first] = decided.toSorted((a, b) => (a?.options.length ?? 0) - (b?.options.length ?? 0));
  if (first) return first;
  return one && other && { holds: !decides, options: [...new Set([...one.options, ...other.options])] };
}
