import { commandCheck } from './command.js';
import { type Guardrail, notConfigured, type Step } from './guardrail.js';

/** The command that prepares a session, if one is configured. Telemetry calls its result hooks["session.start"]. */
export const sessionHook: Step = {
  name: 'session-hook',
  run(guardrail: Guardrail) {
    const name = guardrail.settings.guardrail.plan.session_start;
    return name === undefined
      ? notConfigured('session-hook', 'Not run: no guardrail.plan.session_start is configured.')
      : commandCheck(guardrail, 'session-hook', name);
  },
};
