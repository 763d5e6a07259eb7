/** A fenced console block: its first line is the command, the rest what it printed. */
const BLOCK = /^```console\n\$ lora-alpha (.+)\n[^]*?^```$/gm;

/**
 * The page with every console block run again.
 * @param run the arguments of `lora-alpha` → what it prints
 */
export function withOutputs(page: string, run: (args: readonly string[]) => string): string {
  return page.replace(BLOCK, (_, command: string) => {
    const output = run(command.split(' ')).trimEnd();
    return `\`\`\`console\n$ lora-alpha ${command}\n${output}\n\`\`\``;
  });
}
