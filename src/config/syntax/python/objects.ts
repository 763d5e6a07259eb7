import { childrenOf } from './bindings';
import { placeOf } from './by-place';
import { argumentsOf } from './names';
import { lastName, scopeAt, type Outline } from './outline';
import { ownParameters, type Expression, type Scope } from './scope';

/** A variable that holds an object: its name, and the scope it belongs to. */
interface Holder {
  scope: Scope;
  name: string;
}

/** Calls that read one part of an object by its name: `getattr(args, "lr")`. */
const READS_PART = new Set(['getattr', 'hasattr']);
/** Calls whose result has the same parts. */
const COPIES = new Set(['vars', 'dict', 'asdict']);
/** Methods that read one part of a dict by its name. */
const GETTERS = new Set(['get', 'pop']);

const LORA = /lora/i;

/**
 * Finds the places that use a whole object and may read every field: `vars(args)`, `c.items()`, `json.dump(c, file)`,
 * `getattr(args, name)`.
 * Reading one named field (`args.lr`, `c["lr"]`, `c.get("lr")`) does not count. Passing the object to a function of
 * this file does not count either: the uses of the parameter inside that function do.
 */
export class Objects {
  /** Results by question: reads of different fields of one object ask the same question. */
  private readonly known = new Map<string, readonly Expression[]>();

  constructor(
    private readonly text: string,
    private readonly outline: Outline,
    private readonly variables: ReadonlyMap<string, readonly Expression[]>,
    private readonly returns: readonly Expression[],
  ) {}

  /**
   * @param part the field that may be read
   * @param starts expressions whose value is the object
   */
  takenWhole(part: string, starts: readonly Expression[]): readonly Expression[] {
    const key = [LORA.test(part), ...starts.map((node) => this.idOf(node))].join(' ');
    const found = this.known.get(key) ?? this.follow(part, starts);
    this.known.set(key, found);
    return found;
  }

  private idOf(node: Expression): string {
    if (node.name !== 'VariableName') return `${node.from}-${node.to}`;
    const { scope, name } = this.holderOf(node);
    return `${scope.from} ${scope.to} ${name}`;
  }

  private follow(part: string, starts: readonly Expression[]): readonly Expression[] {
    const found: Expression[] = [];
    const seen = new Set<number>();
    const holders = new Map<Scope, Set<string>>();
    const open = [...starts];
    for (let node = open.pop(); node; node = open.pop()) {
      const id = placeOf(node);
      if (seen.has(id)) continue;
      seen.add(id);
      const onward = this.onward(node, part);
      // `args = self.args`: other uses of the attribute are not followed.
      if (!onward || (node.name === 'MemberExpression' && node.firstChild?.name !== 'CallExpression')) found.push(node);
      if (onward) open.push(...onward);
      if (node.name === 'CallExpression') open.push(...this.returnedBy(node));
      if (node.name !== 'VariableName') continue;
      const holder = this.holderOf(node);
      const names = holders.get(holder.scope) ?? new Set();
      if (!names.has(holder.name)) open.push(...this.nodesOf(holder), ...this.given(holder));
      holders.set(holder.scope, names.add(holder.name));
    }
    return found;
  }

  /** The expressions that get the object next; null if code that gets it may read every field. */
  private onward(node: Expression, part: string): readonly Expression[] | null {
    const { parent } = node;
    switch (parent?.name) {
      case 'MemberExpression':
        return node.from === parent.from && this.readsPart(parent) ? [] : null;
      case 'ArgList':
        return this.passed(node, parent, part);
      case 'AssignStatement':
        return this.assigned(parent);
      case 'ReturnStatement': {
        const scope = scopeAt(this.outline, node.from);
        return scope.kind === 'function' && !parent.getChild(',') ? this.callsOf(scope) : null;
      }
      case 'ParenthesizedExpression':
        return [parent];
      case 'ExpressionStatement':
      case 'ScopeStatement':
        return [];
      default:
        return null;
    }
  }

  /**
   * Whether the member reads one named field: `args.lr`, `c["lr"]`, `c.get("lr")`. Any other method may read every
   * field.
   */
  private readsPart(member: Expression): boolean {
    const property = member.getChild('PropertyName');
    if (!property) return childrenOf(member).some(({ name }) => name === 'String');
    const name = this.text.slice(property.from, property.to);
    const call = member.parent?.name === 'CallExpression' && member.parent.from === member.from ? member.parent : null;
    if (call) return GETTERS.has(name) && argumentsOf(this.text, call).positional[0]?.name === 'String';
    return name !== '__dict__';
  }

  private assigned(statement: Expression): readonly Expression[] | null {
    const targets = childrenOf(statement).filter(({ name }) => name !== 'AssignOp' && name !== 'TypeDef');
    return targets.every(({ name }, i) => name === 'VariableName' || i === targets.length - 1)
      ? targets.slice(0, -1)
      : null;
  }

  /** Where an argument of a call is used: the uses of the parameter that gets it. */
  private passed(node: Expression, list: Expression, part: string): readonly Expression[] | null {
    const call = list.parent;
    if (call?.name !== 'CallExpression') return null;
    const { positional, keywords } = argumentsOf(this.text, call);
    const callee = lastName(this.text, call.firstChild);
    const index = positional.findIndex(({ from }) => from === node.from);
    if (READS_PART.has(callee) && index === 0 && positional[1]?.name === 'String') return [];
    if (COPIES.has(callee) && index === 0) return [call];
    const keyword = keywords.find(({ value }) => value.from === node.from)?.name;
    // A library's trainer reads its own arguments, none of which belongs to LoRA.
    if (keyword === 'args' && /Trainer$/.test(callee) && LORA.test(part)) return [];
    if (index < 0 && keyword === undefined) return null;
    const functions = this.calledBy(call);
    const names = functions.map((scope) => keyword ?? ownParameters(scope)[index]?.name);
    if (functions.length === 0 || names.some((name, i) => !functions[i]?.bindings.has(name ?? ''))) return null;
    return functions.flatMap((scope, i) => this.nodesOf({ scope, name: names[i] ?? '' }));
  }

  /** Functions of this file that a call may run; empty if the call may run other code. */
  private calledBy({ firstChild }: Expression): readonly Scope[] {
    if (firstChild?.name !== 'VariableName') return [];
    const { scope, name } = this.holderOf(firstChild);
    const isOwn = scope.bindings.get(name)?.every(({ kind }) => kind === 'function' || kind === 'class') ?? false;
    const named = isOwn ? scope.children.filter((child) => child.name === name) : [];
    return named.flatMap((own) => (own.kind === 'class' ? own.children.filter((c) => c.name === '__init__') : [own]));
  }

  /** The values that a call of a function of this file may return. */
  private returnedBy(call: Expression): readonly Expression[] {
    const functions = this.calledBy(call);
    const statements = this.returns.filter(({ from }) => functions.includes(scopeAt(this.outline, from)));
    return statements.flatMap((statement) => childrenOf(statement).slice(1)).filter(isFollowed);
  }

  private callsOf({ name }: Scope): readonly Expression[] {
    return this.outline.callsByName.get(name) ?? [];
  }

  /** The values of a variable: what is assigned to it, and what is passed for it as a parameter. */
  private given({ scope, name }: Holder): readonly Expression[] {
    const bindings = scope.bindings.get(name) ?? [];
    const values = bindings.flatMap(({ kind, value }) => (kind === 'assigned' && value ? [value] : []));
    const index = ownParameters(scope).findIndex((parameter) => parameter.name === name);
    const isParameter = bindings.some(({ kind }) => kind === 'parameter');
    const owner = scope.name === '__init__' && scope.parent?.kind === 'class' ? scope.parent : scope;
    const calls = isParameter ? this.callsOf(owner) : [];
    const args = calls.flatMap((call) => {
      const { positional, keywords } = argumentsOf(this.text, call);
      return keywords.find((keyword) => keyword.name === name)?.value ?? positional[index] ?? [];
    });
    return [...values, ...args].filter(isFollowed);
  }

  private nodesOf({ scope, name }: Holder): readonly Expression[] {
    return (this.variables.get(name) ?? []).filter((node) => this.holderOf(node).scope === scope);
  }

  private holderOf(node: Expression): Holder {
    const name = this.text.slice(node.from, node.to);
    const own = scopeAt(this.outline, node.from);
    for (let scope: Scope | null = own; scope; scope = scope.parent) {
      if (scope.globals.has(name)) break;
      if (scope.bindings.has(name) && (scope.kind !== 'class' || scope === own)) return { scope, name };
    }
    return { scope: this.outline.module, name };
  }
}

/** What may be the same object under another name; a literal is a new one. */
const isFollowed = ({ name }: Expression): boolean =>
  name === 'VariableName' || name === 'CallExpression' || name === 'MemberExpression';
