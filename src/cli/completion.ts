import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const flagsOf = (command: Command): string =>
  [...command.options.flatMap(({ long }) => long ?? []), '--help'].join(' ');

/** A script that completes commands and options of `program`, and elsewhere files. */
export function completion(shell: (typeof SHELLS)[number], { commands }: Command): string {
  if (shell === 'fish') return fish(commands);
  const names = commands.map((command) => command.name()).join(' ');
  const cases = commands.map((command) => `    ${command.name()}) words='${flagsOf(command)}' ;;`);
  const bash = `_lora_alpha() {
  local words=''
  case "$COMP_CWORD:\${COMP_WORDS[1]}" in 1:*) words='${names} --help --version' ;; esac
  case "\${COMP_WORDS[COMP_CWORD]}:\${COMP_WORDS[1]}" in -*) case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac ;; esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _lora_alpha lora-alpha
`;
  return shell === 'bash' ? bash : `autoload -U +X compinit bashcompinit && compinit -u && bashcompinit\n${bash}`;
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = commands.flatMap((command) => {
    const after = `-n '__fish_seen_subcommand_from ${command.name()}'`;
    const start = `complete -c lora-alpha -n __fish_use_subcommand -f -a ${command.name()}`;
    const options = command.options.map(({ long, description, required }) => {
      return `complete -c lora-alpha ${after} -l ${long?.slice(2)}${required ? ' -r' : ''} -d ${quoted(description)}`;
    });
    return [`${start} -d ${quoted(command.description())}`, ...options];
  });
  return `${lines.join('\n')}\n`;
}
