import { childrenOf, memberName } from './bindings';
import { stringToken } from './literals';
import { meaningOf } from './names';
import { Objects } from './objects';
import { lastName, type Outline } from './outline';
import type { Binding, Expression, Scope } from './scope';

/** Places of a text where each word stands as a variable, or as a part of an object: `.lr`, `["lr"]`, `getattr(x, "lr")`. */
interface Words {
  variables: ReadonlyMap<string, readonly Expression[]>;
  parts: ReadonlyMap<string, readonly Expression[]>;
  returns: readonly Expression[];
}

/** Finds who else takes a value: every use counts but those that only show it to people, in print or in a run's name. */
export class Uses {
  private words: Words | null = null;
  private objects: Objects | null = null;
  private readonly isReflecting: boolean;
  /** Results by binding, because every read of a name asks again. */
  private readonly ofBinding = new Map<Binding, readonly number[]>();
  private readonly ofParts = new Map<readonly Expression[], Map<string, readonly number[]>>();

  constructor(
    private readonly text: string,
    private readonly outline: Outline,
  ) {
    this.isReflecting = REFLECTS.test(text);
  }

  /** The places that use a variable's value; null if unknown. */
  ofVariable(binding: Binding): readonly number[] | null {
    if (this.isReflecting) return null;
    const known = this.ofBinding.get(binding) ?? this.usesOf(binding);
    this.ofBinding.set(binding, known);
    return known;
  }

  private usesOf({ name, nameRange }: Binding): readonly number[] {
    const found = (this.found().variables.get(name) ?? []).filter((node) => {
      const meaning = meaningOf(this.outline, name, node.from);
      return (
        meaning.kind === 'open' || (meaning.kind === 'bound' && meaning.binding.nameRange.start === nameRange.start)
      );
    });
    return this.counted(found);
  }

  /**
   * The places that use a part of an object: every use of a part with that name, and every use of the whole object.
   * Null if unknown.
   * @param starts expressions whose value is the object
   */
  ofPartIn(name: string, starts: readonly Expression[]): readonly number[] | null {
    if (this.isReflecting) return null;
    const { variables, parts, returns } = this.found();
    this.objects ??= new Objects(this.text, this.outline, variables, returns);
    const whole = this.objects.takenWhole(name, starts);
    const known = this.ofParts.get(whole) ?? new Map<string, readonly number[]>();
    this.ofParts.set(whole, known);
    const found = known.get(name) ?? this.counted([...(parts.get(name) ?? []), ...whole]);
    known.set(name, found);
    return found;
  }

  /** The places that use a field of a class of this file, through any object of the class. */
  ofField(name: string, className: string): readonly number[] | null {
    return this.ofPartIn(name, this.found().variables.get(className) ?? []);
  }

  private counted(nodes: readonly Expression[]): number[] {
    return nodes.filter((node) => !isShown(this.text, node)).map(({ from }) => from);
  }

  private found(): Words {
    this.words ??= wordsIn(this.text, this.outline);
    return this.words;
  }
}

/** Code that takes variables by names which are texts, or the defaults of all options: `parser._actions`. */
const REFLECTS = /(?<![.\w])(?:(?:globals|locals|exec|eval)\s*\(|vars\s*\(\s*\))|\._(?:option_string_)?actions\b/;

function wordsIn(text: string, { tree, module }: Outline): Words {
  const targets = targetsIn(module);
  const variables = new Map<string, Expression[]>();
  const parts = new Map<string, Expression[]>();
  const returns: Expression[] = [];
  const add = (into: Map<string, Expression[]>, word: string, node: Expression): void => {
    const known = into.get(word);
    if (known) known.push(node);
    else into.set(word, [node]);
  };
  tree.iterate({
    enter({ name, from, to, node }) {
      const { parent } = node;
      if (name === 'ReturnStatement') returns.push(node);
      const whole = parent?.name === 'MemberExpression' && name !== 'VariableName' ? parent : node;
      if (targets.has(`${whole.from}-${whole.to}`)) return;
      if (name === 'VariableName' && !isKeyword(node)) add(variables, text.slice(from, to), node);
      if (name === 'PropertyName') add(parts, text.slice(from, to), whole);
      if (name === 'String' && namesPart(text, node)) add(parts, stringToken(text.slice(from, to))?.value ?? '', whole);
    },
  });
  return { variables, parts, returns };
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
function targetsIn(module: Scope): ReadonlySet<string> {
  const found = new Set<string>();
  const scopes = [module];
  for (let scope = scopes.pop(); scope; scope = scopes.pop()) {
    for (const { nameRange } of [...scope.bindings.values()].flat()) found.add(`${nameRange.start}-${nameRange.end}`);
    scopes.push(...scope.children);
  }
  return found;
}

/** Calls that show a value to people. */
const SHOWS =
  /^(?:print|pprint|display|(?:\w+\.)*\w*(?:log|logger|logging|console|tqdm)\.(?:debug|info|warning|warn|error|critical|log|print|write)|\w+\.init_trackers|wandb\.(?:init|log|config\.update))$/i;
/** What makes a text of a value on its way there. */
const SHAPES = new Set(['str', 'repr', 'round', 'format', 'float', 'int', 'dict', 'dumps']);
const PASSES = new Set([
  'ArgList',
  'ArrayExpression',
  'BinaryExpression',
  'ContinuedString',
  'DictionaryExpression',
  'FormatReplacement',
  'FormatString',
  'MemberExpression',
  'ParenthesizedExpression',
  'TupleExpression',
]);
/** What people call a run, and where it puts its results. */
const NAMES = /(?:^|_)(?:name|dir|title|tags?|project|notes|group)$/i;

/** Whether a value is only taken to be read by people, or to name a run: `print(lr)`, `output_dir=f"out/{lr}"`. */
function isShown(text: string, node: Expression): boolean {
  let isText = false;
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    isText ||= parent.name === 'FormatString';
    const before = at.prevSibling?.name === 'AssignOp' ? at.prevSibling.prevSibling : null;
    if (isText && before && (parent.name === 'ArgList' || parent.name === 'AssignStatement')) {
      return NAMES.test(memberName(text, before) ?? '');
    }
    if (parent.name === 'CallExpression') {
      const callee = childrenOf(parent)[0];
      if (!callee || callee.from === at.from) return false;
      if (SHOWS.test(text.slice(callee.from, Math.min(callee.to, callee.from + 100)))) return true;
      if (!SHAPES.has(lastName(text, callee))) return false;
    } else if (!PASSES.has(parent.name)) return false;
  }
  return false;
}
