import { forEachChild, type Command, type Function as ShellFunction, type Script, type SyntaxNode } from 'unbash';
import { AssignmentVisitor, type Assigned } from './assignment-visitor';

/**
 * Finds what may assign a variable: `NAME=value`, but also `((NAME+=1))`, `${NAME:=1}`, `read NAME`, a function that is
 * called, `eval`. Nothing is evaluated.
 */
export class Assigners {
  private readonly functions = new Map<string, ShellFunction[]>();
  /** What the whole script may assign, wherever that stands and in whichever shell it runs. */
  readonly whole: Assigned;
  /** Whether a variable may stand for another (`declare -n`), or a signal handler may run anywhere. */
  readonly isHaunted: boolean;
  /** Variables that may hold something else than is assigned to them. */
  readonly attributed: ReadonlySet<string>;

  constructor(script: Script) {
    this.collectFunctions(script);
    const visitor = new AssignmentVisitor(this.functions, true);
    visitor.visit(script);
    this.whole = visitor.found;
    this.isHaunted = visitor.isHaunted;
    this.attributed = visitor.attributed;
  }

  /** What `nodes` may assign in the shell that runs them. */
  in(...nodes: readonly (SyntaxNode | undefined)[]): Assigned {
    const visitor = new AssignmentVisitor(this.functions, false);
    for (const node of nodes) if (node) visitor.visit(node);
    return visitor.found;
  }

  /** What a command may assign beside its own `NAME=value`. */
  beside(command: Command): Assigned {
    const visitor = new AssignmentVisitor(this.functions, false);
    visitor.command(command, false);
    return visitor.found;
  }

  private collectFunctions(node: SyntaxNode): void {
    if (node.type === 'Function') {
      const name = node.name.value;
      this.functions.set(name, [...(this.functions.get(name) ?? []), node]);
    }
    forEachChild(node, (child) => {
      this.collectFunctions(child);
    });
  }
}
