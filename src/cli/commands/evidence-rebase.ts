import { specsWithEvidence } from '../../evidence/index-page.js';
import { type Rebased, rebaseEvidence } from '../../evidence/rebase.js';
import type { Answer, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { evidenceOf, specIdOf } from './evidence-target.js';

/** As `git rebase` does, it acts; `--dry-run` shows what it would do. */
export async function rebase(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const { workspace, root } = await evidenceOf(parsed, terminal);
  const [, named] = parsed.positionals;
  const specIds = named === undefined ? specsWithEvidence(workspace, root) : [specIdOf(named)];
  const apply = !parsed.on('dry-run');
  const specs: Rebased[] = [];
  for (const specId of specIds) specs.push(await rebaseEvidence(workspace, root, specId, apply));
  const changed = specs.filter(({ appended }) => appended.length > 0);
  const next =
    changed.length === 0 || !apply
      ? []
      : [
          'Check with `spec-kit-mcp verify`, then add and commit:',
          `  git add ${changed.map(({ folder }) => folder).join(' ')}`,
        ];
  return {
    json: { specs },
    text: [...specs.flatMap(lines), ...next].join('\n') || 'No evidence yet.',
    exitCode: EXIT.passed,
  };
}

function lines({ specId, kept, appended, applied }: Rebased): readonly string[] {
  if (appended.length === 0) return [`${specId}: nothing to do, its ${kept} records are one chain.`];
  const what = applied ? 'now follow' : 'would follow (nothing was changed)';
  return [
    `${specId}: ${kept} records stay, ${appended.length} ${what}:`,
    ...appended.map(
      ({ seq, from, bundle }) => `  ${from === null ? 'no record' : `record ${from}`} -> ${seq}  ${bundle}`,
    ),
  ];
}
