import { specsWithEvidence } from '../../evidence/index-page.js';
import { SOFT_LIMIT_BYTES, type SpecStats, statsOf } from '../../evidence/stats.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { evidenceOf, specIdOf } from './evidence-target.js';

export const statsCommand: Command = {
  name: 'stats',
  summary: 'how much evidence each spec has, by kind, and how it grows',
  takes: '[SPEC-ID]',
  positionals: [0, 1],
  flags: {},
  example: 'spec-kit-mcp stats SPEC-KIT-DEMO',
  async run(parsed, terminal) {
    const { workspace, root } = await evidenceOf(parsed, terminal);
    const [named] = parsed.positionals;
    const specIds = named === undefined ? specsWithEvidence(workspace, root) : [specIdOf(named)];
    const specs = specIds.map(specId => statsOf(workspace, root, specId));
    const text = specs.flatMap(lines).join('\n') || 'No evidence is recorded yet.';
    return { json: { softLimitBytes: SOFT_LIMIT_BYTES, specs }, text, exitCode: EXIT.passed };
  },
};

function lines({
  specId,
  all,
  kinds,
  archived,
  inTree,
  overLimit,
  last7Days,
  last30Days,
}: SpecStats): string[] {
  return [
    `${specId}: ${all.bundles} bundles, ${size(all.bytes)}; ${size(inTree)} in the work tree${overLimit ? `, over the soft limit of ${size(SOFT_LIMIT_BYTES)}` : ''}`,
    ...Object.entries(kinds).map(
      ([kind, { bundles, bytes }]) => `  ${kind}: ${bundles} bundles, ${size(bytes)}`,
    ),
    `  archived: ${archived.bundles} bundles, ${size(archived.bytes)} packed`,
    `  growth: ${size(last7Days.bytes)} in 7 days (${last7Days.bundles} bundles), ${size(last30Days.bytes)} in 30`,
    ...(overLimit ? [`  pack old ones: spec-kit-mcp archive ${specId} --older-than 30d`] : []),
  ];
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
