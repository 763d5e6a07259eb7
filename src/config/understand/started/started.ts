import * as l10n from '@vscode/l10n';
import { forEachChild, parse, type Assignment, type SyntaxNode, type Word } from 'unbash';
import { cellTexts } from '../../documents/cells';
import { rangeInFile, type Document } from '../../documents/document';
import type { NotUnderstood, Unread } from '../../reading';
import { bindingsOfName } from '../../syntax/python/names';
import { argumentsOf, lastName, NAMED, rootOf, type Expression } from '../../syntax/python/nodes';
import { parsePython } from '../../syntax/python/python';
import { asBash } from '../../syntax/shell/powershell';
import { isLauncher } from '../../syntax/shell/programs';
import { commandIn, programOf, type Program, type SyntaxNode as Value } from '../../syntax/tree';
import { notUnderstoodIn } from '../not-understood';
import type { FoundRun } from '../recognise/opened';
import { trainersPrograms } from '../recognise/recognise';
import { mayChange, PLACE, PUBLISHED, type Around } from './programs';

const WHY = l10n.t('This may change installed code, or something else that the run reads.');
/** Calls that may train. */
const TRAINS = /(?:train|fit|learn|step|main|launch|tune|(?<!subprocess\.)\brun)\w{0,40}\s{0,9}\(/g;

/**
 * What a file starts, writes or sets that may change what its runs read: commands of a shell, magics of a notebook,
 * programs that Python starts. What comes after the last training is left out.
 */
export function startedIn(documents: readonly Document[], found: readonly FoundRun[]): NotUnderstood[] {
  const text = documents.map((one) => one.text).join('\n');
  const runs = found.map(({ root, document }) =>
    commandIn(root) ? document.text.slice(root.range.start, root.range.end) : '',
  );
  const used = [
    ...runs.join(' ').matchAll(/([\w-]{1,99})\.py\b|\.([A-Za-z]\w{1,99})|\b(\w{1,99}(?=\.[A-Za-z]))/g),
    ...text.matchAll(/^[ \t]*(?:from|import)[ \t]+(\w+)/gm),
  ];
  /** Of code in arguments: `bash -c "python -c '…'"` is two levels. */
  let depth = 0;
  const within = (look: () => boolean): boolean => {
    depth += 1;
    const isDoubt = depth > 5 || look();
    depth -= 1;
    return isDoubt;
  };
  const clones = text.match(/\bgit clone\b.*/g) ?? [];
  const around: Around = {
    programs: trainersPrograms(),
    used: new Set(used.flatMap(([, name, part, folder]) => name ?? part ?? `${folder ?? ''}/`)),
    isPublished: clones.length > 0 && clones.every((one) => one.replace(PUBLISHED, '') !== one),
    mayShell: (code) => within(() => inShell(code, around).length > 0),
    mayPython: (code) => RUNS_TEXT.test(code) || within(() => inPython(code, around).length > 0),
  };
  const end = Math.max(...found.map(lastTraining));
  const all = documents.flatMap((document) => {
    const own = found.filter((one) => one.document === document).map(({ root }) => root.range.start);
    return notUnderstoodIn(document, startedBy(document, around, new Set(own)));
  });
  return all.filter(({ range }) => range.start <= end);
}

/** Where the last training of a run may begin, in its file. */
function lastTraining({ document, root }: FoundRun): number {
  const { text, syntax } = document;
  const last = syntax === 'python' ? [...text.matchAll(TRAINS)].at(-1)?.index : undefined;
  const isOnce = syntax === 'shell' && !/\b(?:for|while|until|function|trap)\b|\(\)/.test(text);
  const at = isOnce ? root.range.start : last;
  return at === undefined ? Infinity : rangeInFile(document, { start: at, end: at }).start;
}

type Part = Pick<Document, 'text' | 'syntax' | 'isMagic'>;
function startedBy({ text, syntax, isMagic }: Part, around: Around, runs?: ReadonlySet<number>): Unread[] {
  try {
    if (syntax === 'python') return inPython(text, around);
    if (syntax === 'powershell') {
      const functions = [...text.matchAll(/\bfunction[ \t]+([\w-]{1,99})/gi)].map(([, name = '']) => name);
      const own = new Set(functions.filter((name) => !isLauncher(name)));
      return inShell(asBash(text), around, runs).filter(({ range: { start, end } }) => {
        const [word = ''] = /^\S+/.exec(text.slice(start, end)) ?? [];
        return !own.has(word) && !/^(?:param\b|\$\w+$)/.test(text.slice(start, end));
      });
    }
    if (!isMagic) return syntax === 'shell' ? inShell(text, around, runs) : [];
    const lines = [...text.matchAll(/.+/g)].filter(({ 0: line }) => around.mayShell(line));
    return lines.flatMap(({ 0: line, index }) => unread(index, index + line.length));
  } catch (error) {
    // The parsers recurse for each level, and only absurd nesting overflows the stack.
    if (error instanceof RangeError) return unread(0, text.length);
    throw error;
  }
}

const unread = (start: number, end: number): Unread[] => [{ range: { start, end }, why: WHY }];

/** The commands of a text of bash, with those in functions and substitutions. */
function inShell(source: string, around: Around, runs?: ReadonlySet<number>): Unread[] {
  const text = source.replace(/^\uFEFF/, ' ').replace(/\r\n/g, '\n ');
  const found: Unread[] = [];
  const own = new Set<string>();
  const visit = (node: SyntaxNode, outer?: SyntaxNode): void => {
    if (node.type === 'Function') own.add(node.name.value);
    if (node.type === 'Function' && isLauncher(node.name.value)) found.push(...unread(node.pos, node.name.end));
    else if (node.type === 'Command' && !own.has(node.name?.value ?? '')) {
      const { name, suffix, redirects, pos, end } = node;
      const [into, from] = [true, false].map((isInto) =>
        redirects.flatMap((one) => (isInto === /^[&<]?>/.test(one.operator) && 'target' in one && one.target) || []),
      );
      const started = {
        words: [name, ...suffix, ...(from ?? [])].flatMap((one) => (one && !('operator' in one) ? plain(one) : [])),
        pipeline: outer?.type === 'Pipeline' ? text.slice(outer.pos, pos) : '',
        input: redirects.map((one) => ('body' in one ? one.body.text : '')).join(''),
        targets: (into ?? []).map(plain),
        isRun: runs?.has(name?.pos ?? -1) ?? false,
      };
      const isCode = started.targets.some((one) => one.endsWith('.py')) && around.mayPython(started.input);
      if (isCode || mayChange(started, around)) found.push(...unread(pos, end));
    }
    forEachChild(node, (child) => {
      visit(child, node);
    });
  };
  visit(parse(text));
  return found;
}

/** A word without its quotes. Variables and substitutions stay as they are written. */
const plain = (word: Word | Assignment): string => (word.type === 'Word' ? word.value : word.text);

/** Functions that start a program, by full name. Those of BY_WORDS take each word as an argument. */
const STARTS =
  /^(?:pip\b.*|subprocess\.(?:run|call|check_\w+|Popen|get\w*output)|os\.(?:system|popen)|pty\.spawn|asyncio\.(?:subprocess\.)?create_subprocess_shell|plumbum\b.*|pexpect\.\w+|invoke\.run)$/;
/** Methods of IPython that run commands, magics or cells. */
const MAGIC = /^(?:run_\w+|magic|system|getoutput|ex|safe_execfile)$/;
const BY_WORDS = /^(?:os\.(?:exec|spawn|posix_spawn)\w+|asyncio\..*_exec|sh\.\w+)$/;
/** Functions that write files, and functions that only read the place of a library. */
const WRITES =
  /^(?:(?:io\.|codecs\.)?open|shutil\.\w+|os\.(?:rename|replace|symlink|link)|urllib\..*urlretrieve)$|\.(?:open|write_text|write_bytes|symlink_to)$/;
const LOOKS =
  /^(?:print|len|str|repr|format|join|(?:base|dir)name|\w*path|Path|exists|is_?\w+|listdir|r?glob|iterdir|open|read\w*|load\w*|append|insert|find_spec|version|info|debug|warn\w*|resolve|\w+swith|replace|r?split|strip|get\w*|sorted|list|next|set|any|all|add_dll_directory|exit|\w*Error)$/;
const MAY_START =
  /subprocess|plumbum|\binvoke\b|pexpect|get_ipython|\b(?:pip|sh)\.|\b(?:system|popen|exec[lv]\w*|spawn\w*|posix_spawnp?)\b(?!["'])|\.py\b/;
/** Words of code that runs other code, and of code that may change its own process. */
const RUNS_TEXT = /\b(?:exec|eval|compile|__import__)\s?\(|\bimportlib\.(?!util|metadata)/;
const SETS = /\w\.\w+ ?=[^=]|\b(?:setattr|exec|eval|__import__)\s?\(|\bimport ?\*/;

/** Calls that may start a program or write code, and functions for it that are passed on. */
function inPython(text: string, around: Around): Unread[] {
  const parsed = MAY_START.test(text) || PLACE.test(text) ? parsePython(text) : null;
  const root = parsed?.ok ? parsed.roots[0]?.node : undefined;
  const program = root?.kind === 'map' ? programOf(root) : null;
  const found: Unread[] = [];
  program?.tree.iterate({
    enter({ name, node }) {
      const isCall = name === 'CallExpression';
      const isOther =
        isCall || !NAMED.test(name) || /^(?:Call|Member)Ex|^Import|^TypeDef$/.test(node.parent?.name ?? '');
      if (isCall ? isStarting(program, node, around) : !isOther && STARTS.test(program.path(node)))
        found.push(...unread(node.from, node.to));
    },
  });
  return found;
}

function isStarting(program: Program, call: Expression, around: Around): boolean {
  const { text } = program;
  const callee = call.firstChild ?? call;
  const path = program.path(callee.lastChild?.name === 'PropertyName' ? callee : rootOf(callee));
  const last = lastName(text, callee);
  const { positional, keywords } = argumentsOf(text, call);
  const given = (name: RegExp, place: number): Expression | undefined =>
    keywords.find((one) => name.test(one.name))?.value ?? positional[place];
  const textAt = (node: Expression | undefined): string => (node ? textOf(program.evaluate(node)) : '');
  const texts = (): string[] => positional.map(textAt);
  if (BY_WORDS.test(path)) {
    const own = path.startsWith('sh.') ? [last, ...texts()] : texts().slice(/spawn[lv]/.test(path) ? 1 : 0);
    return around.mayShell(own.map(quoted).join(' '));
  }
  if (STARTS.test(path)) {
    const command = textAt(given(/^(?:args|command|cmd)$/, 0));
    return command === '' || around.mayShell(path.startsWith('pip') ? `pip ${command}` : command);
  }
  if (MAGIC.test(last) && textBehind(program, callee).includes('get_ipython(')) {
    const [name = '', line = '', body = ''] = texts();
    const cell = last === 'run_cell_magic' ? `%%${name} ${line}\n${body}` : `%${texts().join(' ')}`;
    const parts = cellTexts([{ text: /^[gs]/.test(last) ? `!${name}` : cell, language: 'python' }]);
    const mayBe = (one: Part): boolean =>
      (one.syntax === 'python' && SETS.test(one.text)) || startedBy(one, around).length > 0;
    return !/^(?:run_\w+_magic|magic|[gs].*)$/.test(last) || parts.some(mayBe);
  }
  const isRead = last === 'open' && !/[wax+]/.test(textAt(given(/^mode$/, callee.name === 'VariableName' ? 1 : 0)));
  const isWriting = WRITES.test(path) && !isRead;
  if (LOOKS.test(last) && !isWriting) return false;
  const behind = isWriting || PLACE.test(text) ? textBehind(program, call) : '';
  const files = isWriting ? [...behind.matchAll(/([\w-]{1,99})\.py\b/g)] : [];
  return PLACE.test(behind) || files.some(([, one = '']) => around.used.has(one));
}

const quoted = (word: string): string => (/^[\w$./=:+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\n': '' };

/** A value as a text of a shell, in which `$_` stands for what is unknown. */
function textOf(node: Value): string {
  if (node.kind === 'list') return node.items.map((item) => quoted(textOf(item))).join(' ');
  if (node.kind === 'map') return '$_';
  if (node.unresolved === undefined) return String(node.value);
  // `unresolved` ends with `...` if the expression is long.
  const source = [node.raw, node.unresolved].find((one) => /^\w{0,2}["'](?!.*\.\.\.$)/s.test(one));
  if (source === undefined) return node.unresolved === 'sys.executable' ? 'python' : '$_';
  const inside = source.replace(/^\w*(?:"""|'''|["'])|(?:"""|'''|["'])$/g, '');
  const filled = /^\w?f/i.test(source) ? inside.replace(/\{[^{}]*\}/g, '$_') : inside;
  return filled.replace(/\\([^])/g, (_, one: string) => ESCAPES[one] ?? one);
}

/** The source of an expression, and of what its names were assigned. */
function textBehind(program: Program, start: Expression): string {
  const open = [start];
  const seen = new Map<number, string>();
  for (let node = open.pop(); node && seen.size < 50; node = open.pop()) {
    if (seen.has(node.from) || /Definition$/.test(node.name)) continue;
    seen.set(node.from, program.text.slice(node.from, node.to));
    if (node.to - node.from > 2000) continue;
    node.cursor().iterate((at) => {
      const bindings = at.name === 'VariableName' ? bindingsOfName(program.text, program.outline, at.node) : [];
      open.push(...bindings.flatMap(({ value }) => value ?? []));
    });
  }
  return [...seen.values()].join(' ');
}
