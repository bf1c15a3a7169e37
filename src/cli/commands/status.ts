import type { SpecStatusReport, SpecSummary } from '../../../schemas/status.js';
import { specStatusTool } from '../../../tools/spec-status.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { runTool } from '../run-tool.js';

export const statusCommand: Command = {
  name: 'status',
  summary: 'show where a spec stands, or all of them',
  takes: '[SPEC-ID]',
  positionals: [0, 1],
  flags: {},
  example: 'spec-kit-mcp status SPEC-KIT-DEMO',
  async run(parsed, terminal) {
    const report = await runTool(specStatusTool, { specId: parsed.positionals[0] }, parsed, terminal);
    return { json: report, text: render(report), exitCode: EXIT.passed };
  },
};

function render({
  summary,
  specs = [],
  documents = [],
  tasks = [],
  stages = [],
  evidence,
}: SpecStatusReport): string {
  return [
    summary,
    ...specs.map(specLine),
    ...documents.map(({ path, present }) => `  ${present ? 'has  ' : 'lacks'} ${path}`),
    ...tasks.map(
      ({ taskId, rawStatus, line, title }) => `  row ${taskId} (line ${line}): ${rawStatus}, ${title}`,
    ),
    ...stages.map(({ stage, outcome, bundle }) => `  ${stage}: ${outcome}, bundle ${bundle}`),
    ...(evidence === undefined ? [] : [`  evidence: ${evidence.bundles} bundles, ${evidence.bytes} bytes`]),
  ].join('\n');
}

function specLine({ specId, task, lastStage, missing }: SpecSummary): string {
  const stage = lastStage === null ? 'no guardrail ran' : `${lastStage.stage} ${lastStage.outcome}`;
  const lacks = missing.length > 0 ? `; lacks ${missing.join(', ')}` : '';
  return `  ${specId}: ${stage}; ${task ?? 'no tracker row'}${lacks}`;
}
