import { Places, type Place } from '../places';
import { plain, type Token, type WordToken } from './tokens';

/** Finds what may set a variable: `set NAME=value`, `set /a`, `set /p`, a script that is called. */
export function placesIn(tokens: readonly Token[], lineAt: (offset: number) => number): Places {
  const found: Place[] = [];
  // `goto` and `call` may run what stands behind a label at any time.
  let roams = false;
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'label') roams = true;
    if (token.kind !== 'word') continue;
    const words = wordsFrom(tokens, at);
    const before = tokens[at - 1];
    const isCalled = before?.kind === 'word' && commandName(before) === 'call';
    const { offset, isPlain, names } = setBy(words);
    for (const name of names) found.push({ offset, name, isPlain: isPlain && !isCalled, roams });
    if (callsScript(words)) found.push({ offset: token.range.start, name: null, isPlain: false, roams });
  }
  return new Places(found, lineAt);
}

/** What a command is called: `@set` hides nothing but its line. */
export function commandName(token: WordToken): string {
  return plain(token).replace(/^@/, '').toLowerCase();
}

function wordsFrom(tokens: readonly Token[], at: number): WordToken[] {
  const words: WordToken[] = [];
  const isSum = /^@?set$/i.test(plain(tokens[at] as WordToken));
  for (let next = at; next < tokens.length && words.length < (isSum ? 20 : 3); next += 1) {
    const token = tokens[next];
    if (token?.kind !== 'word') break;
    words.push(token);
  }
  return words;
}

function setBy([first, second, ...more]: readonly WordToken[]): { offset: number; isPlain: boolean; names: string[] } {
  const none = { offset: 0, isPlain: false, names: [] };
  if (!first || !second || commandName(first) !== 'set') return none;
  const [option] = /^\/[ap]$/i.exec(plain(second)) ?? [];
  if (option?.toLowerCase() === '/a') {
    const sum = more.map(plain).join(' ');
    const names = [...sum.matchAll(/(?<!\w)(\w+)\s{0,20}(?:[-+*/%&|^]|<<|>>)?=/g)].map(([, name = '']) => name);
    return { offset: first.range.start, isPlain: false, names: names.map((name) => name.toUpperCase()) };
  }
  const target = option ? more[0] : second;
  const [, name] = /^([^=\s]+?)(?:=|$)/.exec(target ? plain(target) : '') ?? [];
  if (!target || name === undefined) return none;
  return { offset: first.range.start, isPlain: !option, names: [name.toUpperCase()] };
}

/** `call settings.bat` runs a script whose variables are these; `call conda activate` sets up an environment. */
function callsScript([first, second]: readonly WordToken[]): boolean {
  const program = second ? plain(second) : '';
  const isScript = /\.(?:bat|cmd)$/i.test(program) && !/(?:^|[\\/])(?:activate|conda)\.bat$/i.test(program);
  return first !== undefined && commandName(first) === 'call' && isScript;
}
