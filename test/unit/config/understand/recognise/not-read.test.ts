import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';

const LOOKS = 'These look like LoRA: line 1 `lora_r: 8`, line 2 `lora_alpha: 16`. No known trainer reads them.';
const inWords = (value: string): string =>
  `These look like LoRA: line 1 \`--lora_r${value}\`, line 1 \`--lora_alpha${value}\`. No known trainer reads them.`;
const BATCH = "LoRA Alpha does not read files of Windows' cmd (batch files).";

// What is said of other texts is in trainers/cases/unread.
describe('a file that is not read', () => {
  it.each([
    ['train.bat', 'format-not-read', BATCH, 'python t.py ^\r\n --lora_r 8 --lora_alpha 16 --lr 1e-4\r\n'],
    ['C:\\run.CMD', 'format-not-read', BATCH, 'train --network_module networks.lora --network_dim 8\r\n'],
    ['a.yaml', 'trainer-unknown', LOOKS, 'lora_r: 8\nlora_alpha: 16\n'],
    ['words.py', 'trainer-unknown', inWords(', str(r)'), 'run(["t.py", "--lora_r", str(r), "--lora_alpha", str(r)])\n'],
    ['text.py', 'trainer-unknown', inWords('={c.r}'), 'run(["t.py", f"--lora_r={c.r}", f"--lora_alpha={c.r}"])\n'],
  ])('is not planned for the reason that is found: %s', (path, code, message, text) => {
    const reading = readConfig(text, path);
    expect(reading).toMatchObject({ isLora: false, recipes: [], findings: [{ code, severity: 'info', message }] });
    expect(planConfig(text, reading, 0, 64).refusal?.message).toContain(message);
  });

  it.each([
    ['a batch file without LoRA', 'train.bat', 'set EXPLORATION=1\r\npython t.py --lr 1e-4\r\n'],
    ['a file of another kind', 'notes.txt', 'python t.py --lora_r 8 --lora_alpha 16'],
  ])('is not %s', (_, path, text) => {
    expect(readConfig(text, path)).toMatchObject({ isLora: false, findings: [] });
  });
});
