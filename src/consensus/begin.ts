import type { GuardrailReport } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import type { SourceState } from '../guardrail/guardrail.js';
import type { Packet } from '../packet/find.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import { agreedBefore } from './agreed.js';
import { readContext } from './context.js';
import { targetOf } from './place-document.js';
import { playersOf } from './players.js';
import { preflight } from './preflight.js';
import { loadPrompts } from './prompts.js';
import type { StageState } from './state.js';

/** Everything of a run that is known before anything is sent or written. */
export type Prepared = Omit<StageState, 'runId' | 'startedAt' | 'guardrail' | 'source'>;

/**
 * Prompts, documents, criteria and preflight findings of a stage as they are now.
 * Throws CONFIG_INVALID (prompts), NOT_FOUND (spec.md), NOT_TEXT, GIT_UNAVAILABLE.
 */
export async function prepare(
  workspace: Workspace,
  { settings, digest }: LoadedSettings,
  packet: Packet,
  stage: Stage,
  goal: string | undefined,
): Promise<Prepared> {
  const { version, source, prompts } = loadPrompts(workspace, settings, stage);
  const order = source === 'workspace' ? 'origin' : 'own';
  const context = readContext(workspace, packet, order, settings.consensus.context_tokens);
  const { criteria, findings } = await preflight(workspace, packet, context);
  return {
    v: 1,
    specId: packet.specId,
    stage,
    packet: packet.directory,
    goal: goal ?? null,
    nonce: workspace.randomHex(8),
    canary: workspace.randomHex(8),
    promptVersion: version,
    promptSource: source,
    templates: prompts,
    seats: playersOf(workspace, settings, stage).map(({ agent, ...seat }) => ({
      ...seat,
      mode: agent.mode,
      again: false,
    })),
    documents: [...context.documents],
    receipt: [...context.receipt],
    specCut: context.specCut,
    criteria: [...criteria],
    findings: [...findings],
    stages: agreedBefore(workspace, settings.workspace.evidence_root, packet.specId, stage),
    configDigest: digest,
    target: targetOf(workspace, packet, stage),
    answers: [],
    conflicts: [],
    budgetStop: null,
  };
}

/** The run's state when its guardrail has passed. */
export function begun(
  prepared: Prepared,
  run: { readonly runId: string; readonly startedAt: string },
  { outcome, bundle, resource }: GuardrailReport,
  { head, changes }: SourceState,
): StageState {
  return {
    ...prepared,
    ...run,
    guardrail: { outcome, bundle, resource },
    source: { ...head, dirty: changes.length > 0 },
  };
}
