import { Places, type Assigner } from '../script/places';

/** Whatever may set any variable: `. .\\settings.ps1`, `Invoke-Expression`, `Set-Variable`, a reference. */
const ANYTHING =
  /(?:^|[;{\n])[ \t]*\.[ \t]+\S|\b(?:Invoke-Expression|iex|Set-Variable|New-Variable|sv|nv)\b|\[ref\]|-OutVariable\b/i;
/** Dot-sourced scripts that set up an environment: `. .\\venv\\Scripts\\activate.ps1`. */
const SETS_UP = /^[ \t]*\.[ \t]+\S{0,300}\bactivate(?:\.ps1)?[ \t]*$/gim;
/** `$a += 2`, `$a.Add(2)`, `$a++`, `$script:a = 3`, `$a, $b = 3, 4`. */
const UNSEEN =
  /\$(\w+)\s*[-+*/%]=|\$(\w+)\.add(?:range)?\(|\$(\w+)(?:\+\+|--)|(?:\+\+|--)\$(\w+)|\$(?:script|global|local|private):(\w+)\s*\+?=|\$(\w+)(?=\s*,[^=\n]{0,200}=)|,\s*\$(\w+)\s*=/gi;
const ASSIGNED = /\$((?:env:)?\w+)\s*=|\bforeach\s{0,20}\(\s{0,20}\$(\w+)/gi;

/** `param([int]$a = 1)`, `function Train($a)`: the caller gives these values. */
const PARAMETERS =
  /\b(?:param|(?:function|filter)\s{1,20}[\w:-]{1,100})\s{0,20}\(([^{}]{0,2000}?)\)\s{0,20}(?:[{;\n]|$)/gi;

/** Finds all code that may set a variable. If it is set in a way that is not followed, its value is unknown. */
export function placesIn(source: string, lineAt: (offset: number) => number): Places {
  const [unseen, assigned] = [UNSEEN, ASSIGNED].map((pattern) => placesOf(source, pattern));
  const isAny = ANYTHING.test(source.replace(SETS_UP, ''));
  const names = (unseen ?? []).flatMap(({ name }) => (name === null ? [] : [name]));
  const given = [...source.matchAll(PARAMETERS)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/\$(\w+)/g)].map(([, name = '']) => ({
      offset: match.index,
      name: name.toLowerCase(),
    })),
  );
  return new Places([...(unseen ?? []), ...(assigned ?? []), ...given], lineAt, isAny ? 'all' : new Set(names));
}

function placesOf(source: string, pattern: RegExp): Assigner[] {
  return [...source.matchAll(pattern)].flatMap((match) => {
    const names = match.slice(1).filter((name) => name !== undefined);
    return names.map((name) => ({ offset: match.index, name: name.toLowerCase() }));
  });
}
