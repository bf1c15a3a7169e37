/** What a decision in free words comes to. Anything that is not clearly a go is none. */
export type DecisionClass = 'go' | 'block' | 'unclear';
export type StatusClass = 'pass' | 'fail' | 'open';

const BLOCK =
  /\b(?:hold|no[-_ ]?go|reject(?:ed|s)?|block(?:ed|s)?|den(?:y|ied)|declin(?:e|ed)|fail(?:ed|s|ing)?|stop(?:ped)?|halt(?:ed)?|abort(?:ed)?|defer(?:red)?|postpone[ds]?|do not|don['’]t|cannot|can['’]?t|not (?:yet )?(?:ready|approved|safe|met)|stay[s]? locked|keep locked|locked)\b/i;
const GO =
  /\b(?:go|approv(?:e|ed|es)|accept(?:ed)?|pass(?:ed|es)?|proceed|ready|unlock(?:ed)?|ship(?:ped)?|merge|ok(?:ay)?|yes|continue|green|grant(?:ed)?)\b/i;
const PASS =
  /^(?:pass(?:ed|es)?|ok|success(?:ful)?|succeeded|green|met|satisfied|covered|verified|done|completed?|yes)\b/i;
const FAIL =
  /^(?:fail(?:ed|s|ure)?|error|red|unmet|not[ _-]met|not[ _-]satisfied|violated|broken|blocked|missing|rejected|no)\b/i;
/** Words before and after it may turn a passed into something else: "passed with failures", "pass (not run)". */
const TURNED = /\b(?:not|fail\w*|partial\w*|except|skipp?\w*|without|but)\b/i;

/** "approve", "GO", "hold until HAL is up", "not ready". A word that blocks outweighs every other. */
export function decisionClass(text: string): DecisionClass {
  const words = text.slice(0, 2_000);
  if (BLOCK.test(words)) return 'block';
  return GO.test(words) ? 'go' : 'unclear';
}

/** "passed", "failed", "not_run", "In Progress". What did not run is neither passed nor failed. */
export function statusClass(text: string): StatusClass {
  const words = text.trim().slice(0, 2_000);
  if (FAIL.test(words)) return 'fail';
  return PASS.test(words) && !TURNED.test(words) ? 'pass' : 'open';
}
