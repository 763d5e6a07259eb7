import { childrenOf, partName } from '../bindings';
import { placeId } from '../by-place';
import { argumentsOf, givenTo, meaningOf } from '../names';
import { lastName, scopeAt, type Outline } from '../outline';
import { ownParameters, type Binding, type Expression, type Scope } from '../scope';
import { isShown } from './shown';

/** Calls that read one part of an object by its name: `getattr(args, "lr")`. */
const READS_PART = new Set(['getattr', 'hasattr']);
/** Methods that read one part of a dict by its name. */
const GETTERS = new Set(['get', 'pop']);

const LORA = /lora/i;

/** Where each word stands as a variable, or as a part of an object: `.lr`, `["lr"]`, `getattr(x, "lr")`. */
interface Words {
  variables: ReadonlyMap<string, readonly Expression[]>;
  parts: ReadonlyMap<string, readonly Expression[]>;
}

/** Uses of one name. */
interface Meanings {
  /** By where the assignment writes the name. */
  bound: Map<number, Expression[]>;
  /** Uses whose value depends on the run. */
  open: Expression[];
}

/** Finds the places that use a value. A place that only shows the value, in print or in a run's name, does not count. */
export class Uses {
  private known: Words | null = null;
  /** Results by question, because every read of a name asks again. */
  private readonly results = new Map<string, readonly number[]>();
  /** The uses of each name, apart by what the name means there. */
  private readonly meanings = new Map<string, Meanings>();

  constructor(
    private readonly text: string,
    private readonly outline: Outline,
  ) {}

  /** The places that use a variable's value; null if unknown. */
  ofVariable({ name, nameRange }: Binding): readonly number[] | null {
    return this.places(`${nameRange.start}`, ({ variables }) => {
      const { bound, open } = this.meaningsOf(name, variables.get(name) ?? []);
      return [...(bound.get(nameRange.start) ?? []), ...open];
    });
  }

  private meaningsOf(name: string, nodes: readonly Expression[]): Meanings {
    const known = this.meanings.get(name);
    if (known) return known;
    const found: Meanings = { bound: new Map(), open: [] };
    for (const node of nodes) {
      const meaning = meaningOf(this.outline, name, node.from);
      if (meaning.kind === 'open') found.open.push(node);
      if (meaning.kind !== 'bound') continue;
      const { start } = meaning.binding.nameRange;
      const same = found.bound.get(start);
      if (same) same.push(node);
      else found.bound.set(start, [node]);
    }
    this.meanings.set(name, found);
    return found;
  }

  /**
   * The places that use a part of an object: every use of a part with that name, and every use of the whole object.
   * Null if unknown.
   * @param starts expressions whose value is the object
   */
  ofPartIn(name: string, starts: readonly Expression[]): readonly number[] | null {
    const from = starts.map((node) => (node.name === 'VariableName' ? this.source(node) : node.from)).join(' ');
    return this.places(`${name} of ${from}`, ({ parts }) => [...(parts.get(name) ?? []), ...this.whole(name, starts)]);
  }

  private places(question: string, find: (words: Words) => readonly Expression[]): readonly number[] | null {
    this.known ??= wordsIn(this.text, this.outline);
    if (this.isReflecting(this.known)) return null;
    const found = this.results.get(question);
    if (found) return found;
    const places = find(this.known).filter((node) => !isShown(this.text, node));
    const result = places.map(({ from }) => from);
    this.results.set(question, result);
    return result;
  }

  /** Whether code takes variables by names which are texts, or the defaults of all options: `parser._actions`. */
  private isReflecting({ parts }: Words): boolean {
    const { callsByName } = this.outline;
    const isCalled = (name: string): boolean =>
      (callsByName.get(name) ?? []).some(({ firstChild }) => firstChild?.name === 'VariableName');
    const isDict = (call: Expression): boolean => call.getChild('ArgList')?.firstChild?.nextSibling?.name === ')';
    return (
      ['globals', 'locals', 'exec', 'eval'].some(isCalled) ||
      (callsByName.get('vars') ?? []).some(isDict) ||
      ['_actions', '_option_string_actions'].some((name) => parts.has(name))
    );
  }

  /**
   * The places that use a whole object and may read every part of it: `json.dump(c, file)`, `getattr(args, name)`. The
   * object is followed to every variable with the name of one that may hold it, and into the functions of this text.
   */
  private whole(part: string, starts: readonly Expression[]): readonly Expression[] {
    const found: Expression[] = [];
    const seen = new Set<number>();
    const names = new Set<string>();
    const open = [...starts];
    for (let node = open.pop(); node; node = open.pop()) {
      if (seen.has(placeId(node))) continue;
      seen.add(placeId(node));
      const onward = this.onward(node, part);
      if (onward) open.push(...onward);
      else found.push(node);
      const name = node.name === 'VariableName' ? this.source(node) : '';
      if (name === '' || names.has(name)) continue;
      names.add(name);
      open.push(...(this.known?.variables.get(name) ?? []));
      for (const scope of this.outline.functions)
        open.push(...givenTo(this.text, this.outline, scope, name).filter(isName));
    }
    return found;
  }

  /** The expressions that get the object next; null if code that gets it may read every part. */
  private onward(node: Expression, part: string): readonly Expression[] | null {
    const { parent } = node;
    switch (parent?.name) {
      case 'MemberExpression':
        return node.from === parent.from && this.readsPart(parent) ? [] : null;
      case 'ArgList':
        return this.passed(node, parent, part);
      case 'AssignStatement': {
        const targets = childrenOf(parent).filter(({ name }) => name !== 'AssignOp' && name !== 'TypeDef');
        return targets.slice(0, -1).every(isName) ? targets.slice(0, -1) : null;
      }
      case 'ReturnStatement':
        return parent.getChild(',')
          ? null
          : (this.outline.callsByName.get(scopeAt(this.outline, node.from).name) ?? []);
      case 'ParenthesizedExpression':
        return [parent];
      case 'ExpressionStatement':
      case 'ParamList':
        return [];
      default:
        return null;
    }
  }

  /** Whether the member reads one named part: `args.lr`, `c["lr"]`, `c.get("lr")`. Other methods may read all. */
  private readsPart(member: Expression): boolean {
    const name = partName(this.text, member);
    const call = member.parent?.name === 'CallExpression' && member.parent.from === member.from ? member.parent : null;
    if (!call) return name !== null && name !== '__dict__';
    return GETTERS.has(name ?? '') && argumentsOf(this.text, call).positional[0]?.name === 'String';
  }

  /** Where an argument of a call is used: in the function of this text that gets it. */
  private passed(node: Expression, list: Expression, part: string): readonly Expression[] | null {
    const call = list.parent;
    if (call?.name !== 'CallExpression') return null;
    const { positional, keywords } = argumentsOf(this.text, call);
    const callee = lastName(this.text, call.firstChild);
    const index = positional.findIndex(({ from }) => from === node.from);
    if (READS_PART.has(callee) && index === 0 && positional[1]?.name === 'String') return [];
    const keyword = keywords.find(({ value }) => value.from === node.from)?.name;
    // A library's trainer reads its own arguments, none of which belongs to LoRA.
    if (keyword === 'args' && /Trainer$/.test(callee) && LORA.test(part)) return [];
    const functions = call.firstChild && isName(call.firstChild) ? this.functionsCalled(callee) : [];
    const parameters = functions.map((scope) => keyword ?? ownParameters(scope)[index]?.name ?? '');
    if (functions.length === 0 || parameters.some((name, i) => !functions[i]?.bindings.has(name))) return null;
    return parameters.flatMap((name) => this.known?.variables.get(name) ?? []);
  }

  /** Functions of this text with a name; a class stands for its `__init__`. */
  private functionsCalled(name: string): readonly Scope[] {
    const { module, functions } = this.outline;
    const made = module.children.filter((scope) => scope.kind === 'class' && scope.name === name);
    const makers = made.flatMap(({ children }) => children.filter((scope) => scope.name === '__init__'));
    return [...functions.filter((scope) => scope.name === name && scope.parent?.kind !== 'class'), ...makers];
  }

  private source({ from, to }: Expression): string {
    return this.text.slice(from, to);
  }
}

const isName = ({ name }: Expression): boolean => name === 'VariableName';

function wordsIn(text: string, { tree, module }: Outline): Words {
  const targets = targetsIn(module);
  const variables = new Map<string, Expression[]>();
  const parts = new Map<string, Expression[]>();
  const add = (into: Map<string, Expression[]>, word: string, node: Expression): void => {
    const known = into.get(word);
    if (known) known.push(node);
    else into.set(word, [node]);
  };
  tree.iterate({
    enter(at) {
      const { name, from, to } = at;
      if (name !== 'VariableName' && name !== 'PropertyName' && name !== 'String') return;
      const { node } = at;
      const { parent } = node;
      const whole = parent?.name === 'MemberExpression' && name !== 'VariableName' ? parent : node;
      if (targets.has(placeId(whole))) return;
      if (name === 'VariableName' && !isKeyword(node)) add(variables, text.slice(from, to), node);
      if (name === 'PropertyName') add(parts, text.slice(from, to), whole);
      if (name === 'String' && namesPart(text, node)) add(parts, text.slice(from + 1, to - 1), whole);
    },
  });
  return { variables, parts };
}

/** `f(lr=1)` names an argument; `lr` is no variable there. */
function isKeyword({ parent, nextSibling }: Expression): boolean {
  return parent?.name === 'ArgList' && nextSibling?.name === 'AssignOp';
}

/** `["lr"]` and `getattr(args, "lr")`, but not the pattern of a text, a dict's key or the name of an option. */
function namesPart(text: string, { parent }: Expression): boolean {
  if (parent?.name === 'MemberExpression') return true;
  return parent?.name === 'ArgList' && lastName(text, parent.parent?.firstChild ?? null) !== 'add_argument';
}

/** Where names get a value, and none is taken. */
function targetsIn(module: Scope): ReadonlySet<number> {
  const found = new Set<number>();
  const scopes = [module];
  for (let scope = scopes.pop(); scope; scope = scopes.pop()) {
    for (const { nameRange } of [...scope.bindings.values()].flat())
      found.add(placeId({ from: nameRange.start, to: nameRange.end }));
    scopes.push(...scope.children);
  }
  return found;
}
