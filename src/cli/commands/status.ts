import type { SpecStatusReport } from '../../../schemas/status.js';
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

function render({ summary, specs, documents, tasks, stages, evidence }: SpecStatusReport): string {
  const lines = [summary];
  for (const { specId, task, lastStage, missing } of specs ?? []) {
    const stage = lastStage === null ? 'no guardrail ran' : `${lastStage.stage} ${lastStage.outcome}`;
    lines.push(
      `  ${specId}: ${stage}; ${task ?? 'no tracker row'}${missing.length > 0 ? `; missing ${missing.join(', ')}` : ''}`,
    );
  }
  for (const { path, present } of documents ?? []) lines.push(`  ${present ? 'has ' : 'lacks'} ${path}`);
  for (const { taskId, rawStatus, line, title } of tasks ?? [])
    lines.push(`  row ${taskId} (line ${line}): ${rawStatus}, ${title}`);
  for (const { stage, outcome, bundle } of stages ?? [])
    lines.push(`  ${stage}: ${outcome}, bundle ${bundle}`);
  if (evidence !== undefined) lines.push(`  evidence: ${evidence.bundles} bundles, ${evidence.bytes} bytes`);
  return lines.join('\n');
}
