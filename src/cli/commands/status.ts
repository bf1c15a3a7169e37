import type { SpecStatusReport, SpecSummary, StageStatus } from '../../../schemas/status.js';
import { specStatusTool } from '../../../tools/spec-status.js';
import { SpecError } from '../../errors.js';
import { cancelRun } from '../../pipeline/run-store.js';
import { evidenceRootOf } from '../../settings/evidence-root.js';
import type { Command, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { nextLine } from '../next-line.js';
import { runTool } from '../run-tool.js';

export const statusCommand: Command = {
  name: 'status',
  summary: 'show where a spec stands, or all of them',
  takes: '[SPEC-ID]',
  positionals: [0, 1],
  flags: {
    run: { type: 'string', value: 'RUN-ID', help: 'a run instead, with its result once it is done' },
    wait: { type: 'string', value: 'SECONDS', help: 'with --run: wait for its end, at most 45' },
    cancel: { type: 'boolean', help: 'with --run: end it and everything it started' },
  },
  example: 'spec-kit-mcp status SPEC-KIT-DEMO',
  async run(parsed, terminal) {
    const runId = parsed.text('run');
    if (parsed.on('cancel')) await cancel(runId, parsed, terminal);
    const wait = parsed.text('wait');
    const input = {
      specId: parsed.positionals[0],
      runId,
      waitSeconds: wait === undefined ? undefined : Number(wait),
    };
    const report = await runTool(specStatusTool, input, parsed, terminal);
    const exitCode = runId === undefined || report.status === 'done' ? EXIT.passed : EXIT.incomplete;
    return { json: report, text: render(report), exitCode };
  },
};

async function cancel(runId: string | undefined, parsed: Parsed, { open }: Terminal): Promise<void> {
  if (runId === undefined)
    throw new SpecError(
      'INVALID_ARGUMENT',
      '--cancel goes with --run RUN-ID. `spec-kit-mcp status SPEC-ID` shows it.',
    );
  const workspace = open(parsed.text('workspace'));
  cancelRun(workspace, await evidenceRootOf(workspace), runId);
}

function render({
  summary,
  specs = [],
  documents = [],
  tasks = [],
  stages = [],
  evidence,
  next,
}: SpecStatusReport): string {
  return [
    summary,
    ...specs.map(specLine),
    ...documents.map(({ path, present }) => `  ${present ? 'has  ' : 'lacks'} ${path}`),
    ...tasks.map(
      ({ taskId, rawStatus, line, title }) => `  row ${taskId} (line ${line}): ${rawStatus}, ${title}`,
    ),
    ...stages.map(stageLine),
    ...(evidence === undefined ? [] : [`  evidence: ${evidence.bundles} bundles, ${evidence.bytes} bytes`]),
    ...(evidence?.problem === undefined ? [] : [`  the ledger does not verify: ${evidence.problem}`]),
    ...nextLine(next),
  ].join('\n');
}

function stageLine({ stage, outcome, bundle, problem }: StageStatus): string {
  const but = problem === undefined ? '' : `; its evidence does not hold: ${problem}`;
  return `  ${stage}: ${outcome}, bundle ${bundle}${but}`;
}

function specLine({ specId, task, lastStage, missing }: SpecSummary): string {
  const stage = lastStage === null ? 'no guardrail ran' : `${lastStage.stage} claims ${lastStage.claims}`;
  const lacks = missing.length > 0 ? `; lacks ${missing.join(', ')}` : '';
  return `  ${specId}: ${stage}; ${task ?? 'no tracker row'}${lacks}`;
}
