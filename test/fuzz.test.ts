import fc from 'fast-check';
import { expect } from 'vitest';
import { SpecError } from '../src/errors.js';
import { lintTasks } from '../src/lint/lint-tasks.js';
import { loadSettings } from '../src/settings/load.js';
import { readTracker } from '../src/tracker/read.js';
import { test } from './support/one-workspace.js';

/** SPEC_KIT_FUZZ=10000 looks longer; a find is added as an example to the property that found it. */
const RUNS = Number(process.env['SPEC_KIT_FUZZ'] ?? 300);
/** Each of these runs git. */
const LINTS = Math.ceil(RUNS / 8);

/** A SpecError is an answer; anything else is a fault of ours. */
async function answers(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
  }
}

const piece = fc.oneof(
  fc.constantFrom(
    '|',
    '||',
    '\\|',
    '| --- | :-: |\n',
    '\n',
    '\r\n',
    '\r',
    '`',
    '```\n',
    '~~~',
    '<!--',
    '-->',
    '#',
    '- ',
    '> ',
    '\t',
    '    ',
    '\ufeff',
    '\0',
    '*a_',
    '[x](y)',
    '| Order | Task ID | Title | Status |\n|---|---|---|---|\n',
    '| 1 | T1 | x | Done |\n',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const markdown = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map(pieces => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 400 }).map(bytes => Buffer.from(bytes)),
);

test('any bytes as tracker and spec end in findings or a clear refusal, with every place inside the document', async ({
  repo,
  workspace,
}) => {
  await fc.assert(
    fc.asyncProperty(markdown, async bytes => {
      repo.write('SPEC.md', bytes);
      repo.write('docs/SPEC-FUZZ-1/spec.md', bytes);
      const lines = bytes.toString('utf8').split(/\r\n|\n|\r/).length;
      await answers(async () => {
        const { findings } = await lintTasks(workspace, { limit: 50, profile: 'strict' });
        for (const { file, line, column } of findings) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
          if (file === 'SPEC.md') expect(line).toBeLessThanOrEqual(lines);
        }
      });
      await answers(() => readTracker(workspace, 'SPEC.md'));
    }),
    { numRuns: LINTS },
  );
});

const toml = fc.oneof(
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '[commands.build]\n',
          '[guardrail.plan]\n',
          '[hal]\n',
          '[agents.gemini]\n',
          '[budgets.run]\n',
          '[a.b]\n',
          'argv = ["x"]\n',
          'argv = "x"\n',
          'argv = []\n',
          'timeout = "1m"\n',
          'timeout = 0\n',
          'mode = "http"\n',
          '__proto__ = 1\n',
          'constructor = {}\n',
          '"" = 1\n',
          'x = nan\n',
          'x = 1979-05-27\n',
          '[[commands]]\n',
          '= ',
          '"""',
        ),
        fc.string({ unit: 'binary', maxLength: 12 }),
      ),
      { maxLength: 12 },
    )
    .map(pieces => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
);

test('any bytes as spec-kit.toml are settings or a refusal that names the file', async ({
  repo,
  workspace,
}) => {
  await fc.assert(
    fc.asyncProperty(toml, async bytes => {
      repo.write('spec-kit.toml', bytes);
      try {
        const { settings } = await loadSettings(workspace);
        for (const { argv } of Object.values(settings.commands)) expect(argv.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(SpecError);
        expect(String(error)).toMatch(/^SpecError: spec-kit\.toml: /);
        expect(String(error).length).toBeLessThan(3000);
      }
      expect(Reflect.get({}, 'argv')).toBeUndefined();
    }),
    { numRuns: RUNS },
  );
});
