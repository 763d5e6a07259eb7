import { Places, type Assigner } from '../script/places';
import { plain, type BatchToken, type WordToken } from './tokens';

/** Finds what may set a variable: `set NAME=value`, `set /a`, `set /p`, a script that is called. */
export function placesIn(tokens: readonly BatchToken[], lineAt: (offset: number) => number): Places {
  const found: Assigner[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word') continue;
    const words = wordsFrom(tokens, at);
    for (const name of setBy(words)) found.push({ offset: token.range.start, name });
    if (callsScript(words)) found.push({ offset: token.range.start, name: null });
  }
  return new Places(found, lineAt, computedIn(tokens));
}

/** Variables that `set /a` and `set /p` set, to values that are not in the text. */
function computedIn(tokens: readonly BatchToken[]): Set<string> {
  return new Set(tokens.flatMap((_, at) => (isOption(tokens[at + 1]) ? setBy(wordsFrom(tokens, at)) : [])));
}

function isOption(token: BatchToken | undefined): boolean {
  return token?.kind === 'word' && /^\/[ap]$/i.test(plain(token));
}

/** The name of a command; `@set` is `set` without echo. */
export function commandName(token: WordToken): string {
  return plain(token).replace(/^@/, '').toLowerCase();
}

/** The words from here to the end of the command, or the first ones of a long command. */
function wordsFrom(tokens: readonly BatchToken[], at: number): WordToken[] {
  const command = tokens.slice(at, at + 20);
  const end = command.findIndex(({ kind }) => kind !== 'word');
  return command.slice(0, end === -1 ? command.length : end).filter((token) => token.kind === 'word');
}

/** The names that `set` gives a value. */
function setBy([first, second, ...more]: readonly WordToken[]): string[] {
  if (!first || !second || commandName(first) !== 'set') return [];
  if (/^\/a$/i.test(plain(second))) {
    const sums = more
      .map(plain)
      .join(' ')
      .matchAll(/(?<!\w)(\w+)\s{0,20}(?:[-+*/%&|^]|<<|>>)?=/g);
    return [...sums].map(([, name = '']) => name.toUpperCase());
  }
  const [target, next] = isOption(second) ? more : [second, ...more];
  const text = target ? plain(target) : '';
  // A blank before the = belongs to the name.
  const name = next && plain(next).startsWith('=') ? `${text} ` : /^([^=]+)=/.exec(text)?.[1];
  return name === undefined ? [] : [name.toUpperCase()];
}

/** What `call` runs without setting variables that a command uses. */
const NO_SCRIPT =
  /^:|(?:^|[\\/])(?:activate|deactivate|conda|mamba|python[\d.]*|py|pip[\d.]*|uv|accelerate|torchrun|deepspeed|git|npm|node)(?:\.(?:bat|cmd|exe))?$/i;

/** `call settings` and `call settings.bat` run a script, which may set any variable. */
function callsScript([first, second]: readonly WordToken[]): boolean {
  return first !== undefined && second !== undefined && commandName(first) === 'call' && !NO_SCRIPT.test(plain(second));
}
