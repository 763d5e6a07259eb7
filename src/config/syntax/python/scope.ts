import type { parser } from '@lezer/python';

export type PythonTree = ReturnType<typeof parser.parse>;
/** A node of the parser's tree. */
export type Expression = PythonTree['topNode'];

/** A stretch of code that may not run, or may run several times. */
export interface Block {
  from: number;
  to: number;
  parent: Block | null;
  isLoop: boolean;
}

/** A place where a name gets a value. */
export interface Binding {
  /** `lr`; or `args.lr` and `config['lr']` if a part of an object is set. */
  name: string;
  kind: 'assigned' | 'parameter' | 'class' | 'function' | 'import' | 'other';
  /** Where its statement begins. */
  from: number;
  /** Offset from which uses see the value. */
  to: number;
  nameRange: { start: number; end: number };
  /** The expression that is assigned; null if the value has no expression in the text, like that of a loop variable. */
  value: Expression | null;
  /** The innermost block around the binding, within its scope. */
  block: Block | null;
  /** The full name of an import: `torch.optim.AdamW`. */
  path?: string;
  /** Set if a function assigns a name of an outer scope: the assignment happens whenever the function is called. */
  isDeferred?: true;
}

export interface Scope {
  kind: 'module' | 'function' | 'class' | 'expression';
  name: string;
  /** The node that defines a function or a class. */
  definition: Expression | null;
  from: number;
  to: number;
  parent: Scope | null;
  children: Scope[];
  bindings: Map<string, Binding[]>;
  /** Names that belong to the module though they are assigned here. */
  globals: Set<string>;
  /** Names that belong to a function around this one. */
  nonlocals: Set<string>;
}

/** The parameters of a function that arguments of a call stand for, in their order: a method's without `self`. */
export function ownParameters({ bindings }: Scope): Binding[] {
  const parameters = [...bindings.values()].flatMap(([first]) => (first?.kind === 'parameter' ? [first] : []));
  return parameters[0]?.name === 'self' || parameters[0]?.name === 'cls' ? parameters.slice(1) : parameters;
}
