import { SpecError } from '../../errors.js';
import { exportBundle } from '../../evidence/export-bundle.js';
import { verifyOutcome } from '../../evidence/findings.js';
import { specsWithEvidence } from '../../evidence/index-page.js';
import { type Statement, testResult, verificationSummary } from '../../evidence/statements.js';
import { verifyWhole } from '../../evidence/verify.js';
import type { Answer, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { evidenceOf, specIdOf } from './evidence-target.js';
import { size } from './stats.js';

/** Evidence in forms that others read: a tar to verify elsewhere, or an in-toto statement on stdout. */
export async function exportEvidence(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const [as, file] = [parsed.text('as'), parsed.text('bundle')];
  if ((as === undefined) === (file === undefined))
    throw new SpecError(
      'INVALID_ARGUMENT',
      'export takes either --bundle FILE.tar or --as test-result, or --as vsa.',
    );
  if (file !== undefined) return toFile(parsed, terminal, file);
  const statement = await statementOf(as, parsed, terminal);
  return { json: statement, text: JSON.stringify(statement, null, 2), exitCode: EXIT.passed };
}

async function toFile(parsed: Parsed, terminal: Terminal, file: string): Promise<Answer> {
  const { workspace, root } = await evidenceOf(parsed, terminal);
  const [, named] = parsed.positionals;
  const specIds = named === undefined ? specsWithEvidence(workspace, root) : [specIdOf(named)];
  const { tar, files, left } = exportBundle(workspace, root, specIds);
  await terminal.output(file, tar);
  const without =
    left.length === 0 ? [] : [`${left.length} files of other origin are not in it, such as ${left[0]}.`];
  const text = [
    `${file}: ${files} files, ${size(tar.length)}, of ${specIds.join(', ')}.`,
    ...without,
    `Verify it anywhere: spec-kit-mcp verify --bundle ${file}`,
  ];
  return {
    json: { file, files, bytes: tar.length, specIds, left },
    text: text.join('\n'),
    exitCode: EXIT.passed,
  };
}

async function statementOf(as: string | undefined, parsed: Parsed, terminal: Terminal): Promise<Statement> {
  const { workspace, root } = await evidenceOf(parsed, terminal);
  const [, named, bundle] = parsed.positionals;
  const specId = specIdOf(named);
  if (as === 'test-result') return testResult(workspace, root, specId, bundle);
  if (as !== 'vsa' || bundle !== undefined)
    throw new SpecError('INVALID_ARGUMENT', '--as takes test-result (SPEC-ID [BUNDLE]) or vsa (SPEC-ID).');
  const call = { signal: terminal.signal, progress: async () => {} };
  const { findings } = await verifyWhole(workspace, root, { specId }, call);
  return verificationSummary(workspace, root, specId, verifyOutcome(findings) === 'ok');
}
