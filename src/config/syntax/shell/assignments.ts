import type { Assignment, Word as ShellWord } from 'unbash';
import type { Mentions } from '../mentions';
import type { Script } from '../script';
import type { Lock } from '../tree';
import {
  anythingLock,
  appended,
  assignedLock,
  changing,
  loopLock,
  textOfVariable,
  unlessTooLong,
  type Held,
  type Scope,
  type Variable,
} from '../variables';
import { textOf } from '../words';
import type { Assigners } from './assigners';
import { ARGUMENTS, OTHER_ARGUMENTS, type Assigned } from './assignment-visitor';
import { styleOf, type Filled } from './heredocs';
import { expandBody, expandValue, expandWords } from './words';

/** Notes in scopes what a script's assignments give to its variables, and which variables are no longer known. */
export class Assignments {
  constructor(
    private readonly script: Script,
    private readonly at: (offset: number) => number,
    private readonly assigners: Assigners,
    private readonly mentions: Mentions,
  ) {}

  /** @param isPlain whether it does nothing else, such as handing the variable on to every program */
  assign(assignment: Assignment, scope: Scope, isPlain: boolean): void {
    const { name, append, index, pos } = assignment;
    const nameRange = { start: this.at(pos), end: this.at(pos + name.length) };
    const line = this.script.lineAt(nameRange.start);
    const before = append ? scope.get(name)?.held : undefined;
    const held = index ? changing(name) : appended(before, this.held(assignment, scope));
    const { names, anything } = this.assigners.whole;
    const places = names.get(name) ?? [];
    const isOnly = anything === null && places.length < 2 && !append && !index;
    const literal = isOnly && isPlain ? this.mentions.literal(name, nameRange.start, held) : undefined;
    const variable = this.set({ name, held, line, nameRange, ...(literal && { literal }) }, scope);
    if (append || index) return;
    const lock = assignedLock(name, this.linesOf(places));
    this.script.assigned(isOnly ? variable : { ...variable, held: { kind: 'unknown', lock } });
  }

  loopVariable(name: ShellWord, wordlist: readonly ShellWord[], before: Scope, scope: Scope): void {
    const words = expandWords(wordlist, { scope: before, at: this.at });
    const texts = words.map(textOf);
    const known = texts.every((text) => text !== null) ? texts : [];
    const line = this.script.lineAt(this.at(name.pos));
    const [only] = words;
    const held: Held =
      only && words.length === 1 && known.length === 1
        ? { kind: 'text', pieces: only.pieces }
        : { kind: 'unknown', lock: loopLock(name.value, known, line) };
    this.set({ name: name.value, held, line, nameRange: { start: this.at(name.pos), end: this.at(name.end) } }, scope);
  }

  /** `read -r -d '' FLAGS <<EOF`: the variable holds the heredoc. */
  fill({ name, heredoc }: Filled, scope: Scope): void {
    const held: Held = { kind: 'text', pieces: expandBody(heredoc.body, styleOf(heredoc), { scope, at: this.at }) };
    const nameRange = { start: this.at(name.pos), end: this.at(name.end) };
    this.set({ name: name.value, held, line: this.script.lineAt(nameRange.start), nameRange }, scope);
  }

  /** `: "${LR:=1e-4}"` sets what is not set yet. */
  setDefault(word: ShellWord, scope: Scope): void {
    const outer = word.parts?.length === 1 ? word.parts[0] : undefined;
    const part = outer?.type === 'DoubleQuoted' && outer.parts.length === 1 ? outer.parts[0] : outer;
    const isDefault = part?.type === 'ParameterExpansion' && part.operation?.type === 'Default';
    if (!isDefault || !part.operation?.operator.endsWith('=')) {
      this.forget(this.assigners.in(word), scope);
      return;
    }
    const nameRange = { start: this.at(part.parameterPos), end: this.at(part.parameterEnd) };
    const held: Held = { kind: 'text', pieces: expandValue(word, { scope, at: this.at }) };
    if (scope.get(part.parameter) && textOfVariable(scope.get(part.parameter)) !== '') return;
    this.set({ name: part.parameter, held, line: this.script.lineAt(nameRange.start), nameRange }, scope);
  }

  forget({ names, anything }: Assigned, scope: Scope): void {
    if (anything !== null) scope.forgetAll(anythingLock(this.script.lineAt(this.at(anything))));
    else for (const [name, places] of names) scope.forget([name], () => assignedLock(name, this.linesOf(places)));
  }

  /** A function may be called from anywhere: it sees what is assigned once in the whole script, and before it. */
  insideFunction(scope: Scope): Scope {
    const { names, anything } = this.assigners.whole;
    const lockFor = (name: string): Lock =>
      anything === null
        ? assignedLock(name, this.linesOf(names.get(name) ?? []))
        : anythingLock(this.script.lineAt(this.at(anything)));
    const isSure = (name: string): boolean => anything === null && (names.get(name)?.length ?? 0) < 2;
    const inside = scope.insideFunction(isSure, lockFor);
    inside.forget(
      [...names.keys()].filter((name) => !scope.has(name)),
      lockFor,
    );
    inside.forget([ARGUMENTS, OTHER_ARGUMENTS], lockFor);
    return inside;
  }

  private set(variable: Variable, scope: Scope): Variable {
    const isSure = !this.assigners.isHaunted && !this.assigners.attributed.has(variable.name);
    const held = isSure ? unlessTooLong(variable.name, variable.held) : changing(variable.name);
    const kept = { ...variable, held };
    scope.set(kept);
    return kept;
  }

  private held({ name, value }: Assignment, scope: Scope): Held {
    if (value.type === 'ArrayValue') {
      // `([2]=a)` says where in the array its words are.
      if (value.elements.some(({ text }) => /^\[[^\]]*\]\+?=/.test(text))) return changing(name);
      return { kind: 'list', words: expandWords(value.elements, { scope, at: this.at }) };
    }
    return { kind: 'text', pieces: expandValue(value, { scope, at: this.at }) };
  }

  private linesOf(places: readonly number[]): number[] {
    const lines = places.map((place) => this.script.lineAt(this.at(place)));
    return [...new Set(lines)].toSorted((a, b) => a - b);
  }
}
