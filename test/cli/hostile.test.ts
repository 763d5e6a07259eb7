/* eslint no-control-regex: off */
import { describe, expect, it } from 'vitest';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, workspace } from './support/cli';

/**
 * An attack on the terminal: moves the cursor up, clears the line, prints a false verdict in green, sets the window
 * title and reverses the direction of text.
 */
const HOSTILE = '\\u001b[1A\\u001b[2K\\u001b[32m✓ The same run\\u001b]0;title\\u0007\\u202e';

const CONFIG = `{
  "model_name_or_path": "gpt2", "stage": "sft", "finetuning_type": "lora", "do_train": true,
  "lora_rank": 8, "lora_alpha": 16, "learning_rate": 1e-4,
  "optim": "adamw_torch${HOSTILE}", "lr_scheduler_type": "cosine${HOSTILE}", "strange_lora${HOSTILE}": 3
}
`;

const COLOURS = new RegExp('\u001b\\[(?:1|2|22|3[1-6]|39)m', 'g');
const ACTING = new RegExp('[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]');

describe('a hostile file with a hostile name', () => {
  it.each([
    ['read', []],
    ['plan', ['--alpha', '64']],
    ['check', ['--alpha', '64', '--steps', '5']],
    ['rewrite', ['--alpha', '64']],
    ['compare', ['axolotl.yml']],
    ['read', ['--json']],
  ])('steers no terminal: %s', async (command, args) => {
    const cwd = await workspace();
    const name = 'a\u001b[2K\u202eb.json';
    await writeFile(join(cwd, 'plain.json'), CONFIG);
    await rename(join(cwd, 'plain.json'), join(cwd, name));
    const { stdout, stderr } = await run([command, name, ...args], { cwd, env: { FORCE_COLOR: '1' } });
    const said = stdout + stderr;
    expect(said).toContain('\\u001b');
    // Only our own colours may remain.
    expect(said.replace(COLOURS, '')).not.toMatch(ACTING);
  });

  it('steers no reader of a report', async () => {
    const cwd = await workspace();
    const name = 'a\u202eb.json';
    await writeFile(join(cwd, name), CONFIG.replace(`torch${HOSTILE}`, 'torch'));
    await run(['check', name, '--alpha', '64', '--steps', '5', '--report', 'r.html'], { cwd });
    const report = await readFile(join(cwd, 'r.html'), 'utf8');
    expect(report).toContain('a\\u202eb.json');
    expect(report).not.toMatch(ACTING);
  });
});
