import { bareScalar, type Lock, type MapNode, type SyntaxNode } from '../tree';
import { memberName } from './bindings';
import { rangeOf, referenceLock, type Leaves } from './leaves';
import { isPassed, meaningOf } from './names';
import { fieldsOf, fieldsOfClass, optionsOf, type Option } from './options';
import type { Expression } from './outline';

/** Follows names to what they stand for in the same text: variables, arguments, options, parts of dicts and objects. */
export class References {
  private options: Map<string, Option> | null = null;
  private fields: Map<string, Option | null> | null = null;

  constructor(
    private readonly leaves: Leaves,
    private readonly evaluate: (expression: Expression, depth: number) => SyntaxNode,
  ) {}

  /** What a variable was assigned, seen from where it is used. */
  name(expression: Expression, name: string, depth: number): SyntaxNode {
    const meaning = meaningOf(this.leaves.text, this.leaves.outline, name, expression.from);
    if (meaning.kind !== 'bound') return this.leaves.elsewhere(expression);
    const { binding, scope } = meaning;
    if (binding.path !== undefined) return { ...this.leaves.elsewhere(expression), elsewhere: binding.path };
    if (!binding.value || binding.kind === 'class' || binding.kind === 'function')
      return this.leaves.elsewhere(expression);
    const { value } = binding;
    if (binding.kind !== 'parameter') {
      return this.leaves.lent(
        expression,
        this.evaluate(value, depth + 1),
        referenceLock(name, this.leaves.where(binding.nameRange.start)),
      );
    }
    if (isPassed(this.leaves.text, this.leaves.outline, scope, name)) return this.leaves.elsewhere(expression);
    return this.leaves.lent(expression, this.evaluate(value, depth + 1), {
      code: 'default-argument',
      message: `This is the argument ${name} of ${scope.name}; the value here is its default in ${this.leaves.where(binding.nameRange.start)}. Change it there.`,
    });
  }

  /** `args.rank`, `config.lr`, `config["lr"]`. */
  member(expression: Expression, depth: number): SyntaxNode {
    const name = memberName(this.leaves.text, expression);
    const split = name === null ? null : /^(.+?)(?:\.(\w+)|\['(.+)'\])$/.exec(name);
    if (name === null || !split) return this.leaves.elsewhere(expression);
    const [, base = '', attribute, item] = split;
    const set = meaningOf(this.leaves.text, this.leaves.outline, name, expression.from);
    if (set.kind === 'open') return this.leaves.elsewhere(expression);
    if (set.kind === 'bound') return this.name(expression, name, depth);
    if (!/^\w+$/.test(base))
      return { ...this.leaves.elsewhere(expression), elsewhere: this.leaves.path(expression).slice(0, 60) };
    const owner = meaningOf(this.leaves.text, this.leaves.outline, base, expression.from);
    const binding = owner.kind === 'bound' ? owner.binding : null;
    if (binding?.path !== undefined)
      return { ...this.leaves.elsewhere(expression), elsewhere: this.leaves.path(expression) };
    if (binding?.kind === 'class' && attribute !== undefined) return this.ofClass(expression, base, attribute, depth);
    const made = binding?.value && binding.kind === 'assigned' ? this.evaluate(binding.value, depth + 1) : null;
    if (made?.kind === 'map') return this.ofObject(expression, made, attribute ?? item ?? '', depth);
    if (made?.kind === 'list' && item !== undefined) {
      const chosen = made.items[Number(item)];
      const lock = referenceLock(base, this.leaves.where(binding?.nameRange.start ?? 0));
      return chosen ? this.leaves.lent(expression, chosen, lock) : this.leaves.elsewhere(expression);
    }
    return attribute === undefined ? this.leaves.elsewhere(expression) : this.option(expression, attribute, depth);
  }

  private ofObject(expression: Expression, object: MapNode, part: string, depth: number): SyntaxNode {
    const entry = object.entries.findLast(({ key }) => key === part);
    if (entry) {
      const where = this.leaves.where(entry.keyRange.start);
      return this.leaves.lent(expression, entry.value, referenceLock(this.leaves.source(expression), where));
    }
    const made = object.callee ?? '';
    return object.callee === undefined
      ? this.leaves.elsewhere(expression)
      : this.ofClass(expression, made, part, depth);
  }

  private ofClass(expression: Expression, className: string, field: string, depth: number): SyntaxNode {
    const scope = this.leaves.outline.module.children.find(({ kind, name }) => kind === 'class' && name === className);
    const option = scope && fieldsOfClass(this.leaves.text, scope).get(field);
    if (!option?.otherwise || typeof option.otherwise === 'boolean') return this.leaves.elsewhere(expression);
    const lock = referenceLock(`${className}.${field}`, this.leaves.where(option.place.start));
    return this.leaves.lent(expression, this.evaluate(option.otherwise, depth + 1), lock);
  }

  /** An option of the command line or of a dataclass that is filled from it. */
  private option(expression: Expression, name: string, depth: number): SyntaxNode {
    this.options ??= optionsOf(this.leaves.text, this.leaves.outline);
    this.fields ??= fieldsOf(this.leaves.text, this.leaves.outline);
    const option = this.options.get(name) ?? this.fields.get(name);
    if (!option || option.otherwise === null) return this.leaves.elsewhere(expression);
    const lock: Lock = {
      code: 'default-option',
      message: `This is ${option.label}, given when the script is started; the value here is its default in ${this.leaves.where(option.place.start)}. Change it there, or on the command line.`,
    };
    return typeof option.otherwise === 'boolean'
      ? bareScalar(this.leaves.text, rangeOf(expression), option.otherwise, lock)
      : this.leaves.lent(expression, this.evaluate(option.otherwise, depth + 1), lock);
  }
}
