import { SessionId } from '../../../schemas/ids.js';
import { SpecError } from '../../errors.js';
import { type ArchiveReport, archiveBundles } from '../../evidence/archive.js';
import { specsWithEvidence } from '../../evidence/index-page.js';
import { restoreBundles } from '../../evidence/restore.js';
import type { Command, Flag } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { evidenceOf, specIdOf } from './evidence-target.js';
import { size } from './stats.js';

const DAY_MS = 24 * 60 * 60 * 1000;

const apply: Flag = { type: 'boolean', help: 'do it; without this nothing is changed' };

export const archiveCommand: Command = {
  name: 'archive',
  summary: 'pack old bundles into one file each; shows what it would do unless --apply',
  takes: '[SPEC-ID]',
  positionals: [0, 1],
  flags: {
    'older-than': { type: 'string', value: 'DAYS', help: 'only bundles recorded before that, e.g. 30d' },
    apply,
  },
  example: 'spec-kit-mcp archive SPEC-KIT-DEMO --older-than 30d',
  async run(parsed, terminal) {
    const days = /^(\d{1,5})d?$/.exec(parsed.text('older-than') ?? '')?.[1];
    if (days === undefined)
      throw new SpecError(
        'INVALID_ARGUMENT',
        'archive needs --older-than with a number of days, e.g. --older-than 30d.',
      );
    const { workspace, root } = await evidenceOf(parsed, terminal);
    const [named] = parsed.positionals;
    const specIds = named === undefined ? specsWithEvidence(workspace, root) : [specIdOf(named)];
    const before = workspace.now().getTime() - Number(days) * DAY_MS;
    const specs = specIds.map(specId => archiveBundles(workspace, root, specId, before, parsed.on('apply')));
    const done = parsed.on('apply') ? [] : ['Nothing was changed: --apply does it.'];
    return { json: { specs }, text: [...specs.flatMap(lines), ...done].join('\n'), exitCode: EXIT.passed };
  },
};

function lines({ specId, archived, kept, applied }: ArchiveReport): string[] {
  const bytes = archived.reduce((sum, bundle) => sum + bundle.bytes, 0);
  return [
    `${specId}: ${archived.length} bundles (${size(bytes)}) ${applied ? 'archived' : 'would be archived'}`,
    ...archived.map(({ bundle, files, bytes: each }) => `  ${bundle}  ${files} files, ${size(each)}`),
    ...kept.map(({ bundle, why }) => `  ${bundle}  stays: ${why}`),
  ];
}

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'put archived bundles back byte for byte; shows what it would do unless --apply',
  takes: 'SPEC-ID [BUNDLE]',
  positionals: [1, 2],
  flags: { apply },
  example: 'spec-kit-mcp restore SPEC-KIT-DEMO --apply',
  async run(parsed, terminal) {
    const specId = specIdOf(parsed.positionals[0]);
    const [, named] = parsed.positionals;
    if (named !== undefined && !SessionId.safeParse(named).success)
      throw new SpecError(
        'INVALID_ARGUMENT',
        'A bundle id looks like 20261122T100000Z-1a2b3c4d; `evidence list` has them.',
      );
    const { workspace, root } = await evidenceOf(parsed, terminal);
    const report = restoreBundles(workspace, root, specId, named, parsed.on('apply'));
    const what = report.applied ? 'restored' : 'would be restored; --apply does it';
    const text = [
      `${specId}: ${report.restored.length} bundles ${what}`,
      ...report.restored.map(each => `  ${each}`),
    ];
    return { json: report, text: text.join('\n'), exitCode: EXIT.passed };
  },
};
