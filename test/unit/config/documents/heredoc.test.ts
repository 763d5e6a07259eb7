import { describe, expect, it } from 'vitest';
import { heredocDocuments } from '../../../../src/config/documents/heredoc';
import { editsInFile, rangeInFile } from '../../../../src/config/documents/document';
import { applyEdits } from '../../../../src/config/write/edits';
import { fixture } from '../trainers/fixture';

const texts = (script: string): unknown[] => heredocDocuments(script).map(({ syntax, text }) => [syntax, text]);

describe('heredocs', () => {
  it.each([
    ['cat > c.yaml <<EOF\na: 1\nEOF\n', [['yaml', 'a: 1\n']]],
    ["cat <<'EOF' > c.toml\na = '$x'\nEOF\n", [['toml', "a = '$x'\n"]]],
    ['cat <<EOF | tee -a c.json\n{"a": 1}\nEOF\n', [['json', '{"a": 1}\n']]],
    ['tee c.yml <<EOF\na: 1\nEOF\n', [['yaml', 'a: 1\n']]],
    ['python - <<EOF\nx = 1\nEOF\n', [['python', 'x = 1\n']]],
    ['train <<EOF\n{"a": 1}\nEOF\n', [['json', '{"a": 1}\n']]],
    ['train <<EOF\n[a]\nb = 1\nEOF\n', [['toml', '[a]\nb = 1\n']]],
    ['{ cat; } <<EOF > c.yaml\na: 1\nEOF\n', [['yaml', 'a: 1\n']]],
    ['cat > c.yaml <<-EOF\n\ta: 1\n\t\tb: 2\n\tEOF\n', [['yaml', 'a: 1\nb: 2\n']]],
    ['A=7\ncat > c.yaml <<EOF\na: $A\nb: ${B}\nc: \\$A\nEOF\n', [['yaml', 'a: 7\nb: 0\nc: $A\n']]],
    ['cat > c.yaml <<EOF\na: 1 \\\n  2\nb: \\\\ \\`x\\` \\"\nEOF\n', [['yaml', 'a: 1   2\nb: \\ `x` \\"\n']]],
    ["cat > c.yaml <<'EOF'\na: \\$B\nEOF\n", [['yaml', 'a: \\$B\n']]],
    ['cat > c.yaml <<EOF\r\na: 1\r\nEOF\r\n', [['yaml', 'a: 1\n']]],
    ['cat <<EOF\nUsage: this\nEOF\necho done <<<$x\n', [['yaml', 'Usage: this\n']]],
    ['bash <<EOF\nx --a 1\nEOF\n', []],
    ['x << 2', []],
  ])('of %j', (script, wanted) => {
    expect(texts(script)).toEqual(wanted);
  });

  it('have their places in the script, line by line', () => {
    const script = 'A=7\r\ncat > c.yaml <<-EOF\r\n\ta: 1\r\n\tb: $A\r\n\tEOF\r\n';
    const [document] = heredocDocuments(script);
    if (!document) throw new Error('no document');
    const inFile = (part: string): string => {
      const start = document.text.indexOf(part);
      const range = rangeInFile(document, { start, end: start + part.length });
      return script.slice(range.start, range.end);
    };
    expect([inFile('1'), inFile('b'), inFile('7')]).toEqual(['1', 'b', '$A']);
    const end = document.text.indexOf('\n');
    const edits = editsInFile(document, [{ range: { start: end, end }, text: '\nc: 2' }]);
    expect(applyEdits(script, edits ?? [])).toBe(
      'A=7\r\ncat > c.yaml <<-EOF\r\n\ta: 1\r\n\tc: 2\r\n\tb: $A\r\n\tEOF\r\n',
    );
  });

  it('are read and rewritten in the script', () => {
    const script = fixture('command-lines-unjudged/heredocs.sh');
    expect(script.reading.recipes.map(({ rank, alpha, learningRate }) => [rank, alpha, learningRate])).toEqual([
      [16, 32, 2e-4],
      [16, 32, 2e-4],
    ]);
    expect(script.codes).toContain('value-elsewhere');
    expect(script.written(128)).toEqual([
      'lora_alpha: 128',
      'learning_rate: 1.0e-4',
      'max_grad_norm: 2.0',
      'adam_epsilon: 2.0e-8',
    ]);
    expect(script.written(128, 'symmetric', 1)).toBe('reference');
    const { line, range } = script.recipe(1).stated.rank ?? { line: 0, range: { start: 0, end: 0 } };
    expect([line, script.text.slice(range.start, range.end)]).toEqual([17, '$RANK']);
  });
});
