import type { MapNode, SyntaxNode } from '../tree';
import type { Outline } from './outline';
import type { Expression, PythonTree } from './scope';

/** A parsed Python text, for those who ask what it does with an object rather than what a value is. */
export interface Program {
  text: string;
  tree: PythonTree;
  outline: Outline;
  /** What an expression is; `unresolved` if only a run could tell. */
  evaluate: (expression: Expression) => SyntaxNode;
  /** A callee as its library knows it: `optim.AdamW` is `torch.optim.AdamW` where the imports say so. */
  path: (callee: Expression) => string;
  /**
   * The options whose defaults skip the branch around a place; empty if the text alone skips the branch, null if the
   * branch may run.
   */
  leftOutBy: (offset: number) => readonly string[] | null;
}

const PROGRAMS = new WeakMap<MapNode, Program>();

export function rememberProgram(module: MapNode, program: Program): void {
  PROGRAMS.set(module, program);
}

/** The program behind a module's tree; null for any other tree. */
export function programOf(module: MapNode): Program | null {
  return PROGRAMS.get(module) ?? null;
}
