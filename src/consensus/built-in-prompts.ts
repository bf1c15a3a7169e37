import type { Stage } from '../../schemas/ids.js';
import type { AgentRole } from '../../schemas/settings.js';

/** Date of these texts; a change of any of them is a new version. */
export const BUILT_IN_VERSION = '20261124';

type Tasks = Readonly<Partial<Record<AgentRole, string>>>;

const SKEPTIC =
  'Check every claim of the agents before you against the documents. Do not agree for the sake of agreement: put each real contradiction into consensus.conflicts, and into consensus.agreements only what the documents support.';

const tasks: Readonly<Record<Stage, Tasks>> = {
  plan: {
    gemini:
      'Survey this spec before it is planned. In research_summary, say for each topic what the documents establish, where they contradict each other, what is stale or blocked, and which files, modules and tests will be touched. In questions, ask what has to be clear before planning.',
    claude:
      'Plan the work of this spec. work_breakdown: ordered steps, each with its rationale and a success signal that someone can observe. acceptance_mapping: for every criterion, how it is validated and which artifact shows it. risks: each with an owner and a mitigation. Answer the questions of the researcher where the documents allow it.',
    gpt_pro: `Judge whether the plan of this spec can be carried out. feasibility_notes and missing_items: what is hard, and what is absent. final_plan: the steps, mapping and risks that should stand; name for each step the one it comes from, and give a reason for each that you drop. ${SKEPTIC}`,
  },
  tasks: {
    gemini:
      'Find the surfaces that the plan of this spec touches. surfaces: each area with its files and tests. dependencies: what has to happen before what. spec_status: which tasks exist already and where they stand.',
    claude:
      'Break the plan of this spec into tasks that one person can finish and check. tasks: in order, each with id, title, status, validation step and artifact. acceptance_coverage: which task covers which criterion. followups: what is left for later.',
    gpt_pro: `Validate the task list of this spec. validated_tasks: the tasks that should stand, in order, with how each is validated. command_plan: the commands that check them. ${SKEPTIC}`,
  },
  implement: {
    gemini:
      'Map the code for this spec. code_paths: areas with their files. recent_changes, edge_cases, tests: what matters to whoever writes the change.',
    claude:
      'Outline how this spec is implemented. approach: a summary for each task. operations: the change to each file. validation_plan: the commands that show it works.',
    gpt_codex:
      'Propose the changes for this spec. diff_proposals: path, change (a diff or a precise summary), rationale and your confidence from 0 to 1. test_commands: what to run. tool_calls: what tools are needed. risks: what may break. Nothing you write is executed.',
    gpt_pro: `Check the implementation plan of this spec. checklist: steps in order, each with the command that checks it. risks: each with a mitigation. ${SKEPTIC}`,
  },
  validate: {
    gemini:
      'Summarise the validation of this spec. scenarios: name, status (passed, failed or not_run), failures and log. evidence: the paths you read it from. A scenario without evidence is not_run, never passed.',
    claude:
      'Hold the validation results of this spec against its criteria. analysis: for each criterion a status (passed, failed or not_run) and notes. remediation: what has to be done about each that did not pass.',
    gpt_pro: `Decide on the validation of this spec. decision: "approve", "hold" or "reject". next_actions: what follows. ${SKEPTIC}`,
  },
  audit: {
    gemini:
      'Collect what an audit of this spec has to see. diff_summary: what changed. telemetry: paths of the evidence. todos: what is unfinished. compliance_flags: what breaks a rule of the documents.',
    claude:
      'Write the audit memo of this spec. decision: "approve", "hold" or "reject". evidence: name and path of each proof. risks: each with a mitigation. open_items: what is not settled.',
    gpt_pro: `Decide the audit of this spec. checks: each item with a status (passed, failed or not_run). recommendation: "approve", "hold" or "reject". conditions: what has to hold for it. ${SKEPTIC}`,
  },
  unlock: {
    gemini:
      'Explain the lock of this spec. branch_state: where the branch stands. pending_work: what is unfinished. risks: what unlocking may cause.',
    claude:
      'Justify or refuse unlocking this spec. rationale: why. safeguards: what keeps it safe. followups: what comes after.',
    gpt_pro: `Decide whether this spec is unlocked. decision: "approve", "hold" or "reject". steps: what is done in which order. ${SKEPTIC}`,
  },
};

/** The text for a role of the stage; its data and the contract of its answer are put around it. */
export function builtInPrompt(stage: Stage, role: AgentRole): string {
  const task = tasks[stage][role];
  if (task === undefined) throw new TypeError(`No agent ${role} in the stage ${stage}.`);
  return `Task:\n${task}`;
}
