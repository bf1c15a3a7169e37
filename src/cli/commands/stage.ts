import { SpecId, Stage } from '../../../schemas/ids.js';
import { specPlanTool } from '../../../tools/spec-plan.js';
import { specStageTool } from '../../../tools/spec-stage.js';
import { SpecError } from '../../errors.js';
import type { Answer, Command, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { runTool } from '../run-tool.js';
import { stageAnswer, stageFlags, stageInput } from '../stage-answer.js';

export const stageCommand: Command = {
  name: 'stage',
  summary: 'run a stage with agents, or take responsibility for a verdict that is not ok',
  takes: 'STAGE SPEC-ID',
  positionals: [2, 2],
  flags: {
    ...stageFlags,
    accept: {
      type: 'string',
      value: 'RUN',
      help: 'record that you accept the conflict or degradation of this run',
    },
    reason: { type: 'string', value: 'TEXT', help: 'with --accept: why' },
  },
  example: 'spec-kit-mcp stage tasks SPEC-KIT-DEMO',
  async run(parsed, terminal) {
    const [stage, specId] = parsed.positionals;
    if (parsed.text('accept') !== undefined) return accepted(parsed, terminal);
    const input = await stageInput(parsed, terminal);
    if (stage === 'plan')
      return stageAnswer(await runTool(specPlanTool, { specId, ...input }, parsed, terminal));
    return stageAnswer(await runTool(specStageTool, { stage, specId, ...input }, parsed, terminal));
  },
};

async function accepted(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const [stage, specId] = parsed.positionals;
  const target = { stage: Stage.safeParse(stage).data, specId: SpecId.safeParse(specId).data };
  if (target.stage === undefined || target.specId === undefined)
    throw new SpecError(
      'INVALID_ARGUMENT',
      '--accept takes a stage and a spec id, such as `stage plan SPEC-KIT-018`.',
    );
  const { acceptVerdict } = await import('../../consensus/accept.js');
  const accepted = await acceptVerdict(terminal.open(parsed.text('workspace')), {
    stage: target.stage,
    specId: target.specId,
    runId: parsed.text('accept') ?? '',
    reason: parsed.text('reason') ?? '',
  });
  const text = `${accepted.by} accepts ${accepted.verdict} of run ${accepted.runId}: ${accepted.reason}\nThe verdict stays ${accepted.verdict}. Recorded as bundle ${accepted.bundle}.`;
  return { json: accepted, text, exitCode: EXIT.passed };
}
