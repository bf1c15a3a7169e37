/** Words that stand in a template where an answer belongs: `string`, `...`, `${MODEL_ID}`, `[PLACEHOLDER]`, `<path>`, `stub`. */
const WHOLE =
  /^(?:string|number|boolean|\.{3}.{0,80}|…|\$\{[A-Za-z_.]{1,64}\}|\[[A-Z][A-Z _-]{2,64}\]|<[a-z][a-z _-]{1,64}>|stub|placeholder|lorem ipsum.{0,200})$/i;
/** A value that a template names without quotes, so that it is no JSON: `"details": string`, `"tasks": [...copy...]`. */
const UNQUOTED = /"\s{0,8}:\s{0,8}[[{]?\s{0,8}(?:(?:string|number|boolean)(?![A-Za-z])|\.{3})/;
export const ECHO_PERCENT = 34;

/** A text that is a placeholder and nothing else. */
export function isPlaceholder(text: string): boolean {
  return text.length <= 300 && WHOLE.test(text.trim());
}

/** Whether a text that is no JSON is the template of an answer. */
export function isTemplateText(text: string): boolean {
  return UNQUOTED.test(text);
}

/** Whether a third of what an answer says is what the template says. */
export function isTemplateEcho(value: unknown): boolean {
  let all = 0;
  let placeholders = 0;
  for (const [, leaf] of leavesOf(value)) {
    all++;
    if (typeof leaf === 'string' && isPlaceholder(leaf)) placeholders++;
  }
  return placeholders > 0 && placeholders * 100 >= all * ECHO_PERCENT;
}

/** Every text, number, boolean and null in a JSON value with its path, such as `final_plan.risks[2]`, in order. */
export function* leavesOf(value: unknown, path = ''): Generator<readonly [path: string, leaf: unknown]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* leavesOf(item, `${path}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value))
      yield* leavesOf(member, path === '' ? name : `${path}.${name}`);
  } else yield [path, value];
}
