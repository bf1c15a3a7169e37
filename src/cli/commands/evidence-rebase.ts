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
  const how = { apply: !parsed.on('dry-run'), adopt: parsed.on('adopt') };
  const specs: Rebased[] = [];
  for (const specId of specIds) specs.push(await rebaseEvidence(workspace, root, specId, how));
  const changed = specs.filter(({ appended }) => appended.length > 0);
  const next =
    changed.length === 0 || !how.apply
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

function lines({ specId, kept, appended, left, applied }: Rebased): readonly string[] {
  const stays = left.map(({ bundle, why }) => `  stays out: ${bundle}, ${why}`);
  if (appended.length === 0)
    return [`${specId}: nothing to do, its ${kept} records are one chain.`, ...stays];
  const what = applied ? 'now follow' : 'would follow (nothing was changed)';
  return [
    `${specId}: ${kept} records stay, ${appended.length} ${what}:`,
    ...appended.map(
      ({ seq, from, bundle }) => `  ${from === null ? 'no record' : `record ${from}`} -> ${seq}  ${bundle}`,
    ),
    ...stays,
  ];
}
