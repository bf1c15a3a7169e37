import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extractObject, MAX_ANSWER_BYTES } from '../../src/consensus/extract.js';
import { readJson } from '../../src/consensus/read-json.js';

const answer = {
  stage: 'spec-plan',
  agent: 'claude',
  risks: [{ risk: 'it says {"a": "}"}', owner: 'QA' }],
  n: 1.5,
};
const json = JSON.stringify(answer);
const pretty = JSON.stringify(answer, null, 2);
const template = JSON.stringify({
  stage: 'spec-plan',
  agent: 'claude',
  topic: 'string',
  details: '...',
  x: '${X}',
});
const fence = (body: string, mark = '```', tag = 'json') => `${mark}${tag}\n${body}\n${mark}`;

test.for([
  ['the object alone', json],
  ['the object over several lines', pretty],
  ['a byte order mark before it', `\uFEFF${json}`],
  ['colours of a terminal', `\u001b[32m${json}\u001b[0m`],
  [
    'colours inside a string',
    json.replace('it says', 'it \u001b[1msays\u001b[22m').replace('\u001b[1m', '\u001b[1m'),
  ],
  ['a fence', fence(pretty)],
  ['a fence without a language', fence(pretty, '```', '')],
  ['a fence of tildes', fence(pretty, '~~~')],
  ['a fence that is not closed', `\`\`\`json\n${pretty}`],
  ['prose before and after', `Sure! Here it is:\n\n${pretty}\n\nLet me know.`],
  ['prose with a brace of its own', `In {curly} words, see {here: ${json}`],
  [
    'a fence with prose and another fence after it',
    `${fence(json)}\n\nRun this:\n${fence('npm test', '```', 'bash')}`,
  ],
  ['a draft before the answer', `{"stage":"spec-plan","agent":"claude","risks":[]}\nBetter:\n${json}`],
  [
    'a fenced draft before the fenced answer',
    `${fence('{"stage":"s","agent":"claude"}')}\nFinal:\n${fence(json)}`,
  ],
  ['an object that is no answer after the answer', `${json}\nUsage: {"tokens": 12}`],
  ['the template before the answer', `${template}\n${json}`],
  [
    'thinking before the answer',
    `<think>maybe {"stage":"spec-plan","agent":"claude"} or {"half</think>\n${json}`,
  ],
  [
    'thinking around a fence',
    `<thinking>\n${fence('{"stage":"x","agent":"y"}')}\n</thinking>\n${fence(json)}`,
  ],
  ['a list of one', `[${json}]`],
  ['a fenced list of one', `Here:\n${fence(`[${json}]`)}`],
  ['JSON in a JSON string', JSON.stringify(json)],
  ['a list of one in a fenced JSON string', fence(JSON.stringify(`[${json}]`))],
] as const)('finds the answer in %s', ([, text]) => {
  expect(extractObject(text)).toEqual({ object: answer, repaired: false });
});

test.for([
  ['a comma before the closing brace', json.replace(/\}$/, ',}')],
  ['a comma before a closing bracket', json.replace('"QA"}]', '"QA"},\n]')],
  ['a line comment', pretty.replace('"risks"', '// what could go wrong: {"\n  "risks"')],
  ['a block comment', json.replace('"risks"', '/* } " */"risks"')],
] as const)('mends the syntax of %s and says so', ([, text]) => {
  expect(extractObject(text)).toEqual({ object: answer, repaired: true });
  expect(extractObject(`So:\n${text}\nDone.`)).toEqual({ object: answer, repaired: true });
});

test.for([
  ['line break', '\n'],
  ['tab', '\t'],
] as const)('keeps a raw %s in a string, mended, beside escapes', ([, character]) => {
  const text = `{"stage":"s","agent":"a","text":"one${character}two \\"q\\" \\u00e9"}`;
  expect(extractObject(text)).toEqual({
    object: { stage: 's', agent: 'a', text: `one${character}two "q" é` },
    repaired: true,
  });
});

const abyss = `${'{"x":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
const deep = (levels: number, inner = '1') =>
  `${'{"stage":"s","agent":"a","x":'.repeat(levels)}${inner}${'}'.repeat(levels)}`;

test.for([
  ['nothing', '', 'empty'],
  ['blanks and a byte order mark', ' \uFEFF\n\u001b[0m', 'empty'],
  ['prose', 'I could not find the spec, sorry.', 'no_json'],
  ['a list of words', '- one\n- two', 'no_json'],
  ['only thinking', '<think>{"stage":"s","agent":"a"}</think>', 'no_json'],
  ['thinking that does not end', '<think>{"stage":"s","agent":"a"}', 'truncated'],
  ['an answer cut in a string', json.slice(0, 40), 'truncated'],
  ['an answer cut after a member', json.slice(0, json.indexOf(',"n"')), 'truncated'],
  ['a fenced answer cut', `\`\`\`json\n${pretty.slice(0, -12)}`, 'truncated'],
  ['a complete draft and an answer cut', `${json}\nBetter:\n${json.slice(0, -9)}`, 'truncated'],
  ['a list whose second item is cut', `[${json},${json.slice(0, 30)}`, 'truncated'],
  ['a list cut after its first item', `[${json},`, 'truncated'],
  ['two objects in a list', `[${json},${json}]`, 'wrong_shape'],
  ['an object without stage and agent', '{"risks":[]}', 'wrong_shape'],
  ['a number', '12', 'wrong_shape'],
  ['null', 'null', 'wrong_shape'],
  ['the template', template, 'template_echo'],
  [
    'the template with words without quotes',
    '{"stage":"spec-plan","topic": string, "n": number}',
    'template_echo',
  ],
  ['the template with dots', '{"stage":"spec-plan","steps": [...copy of steps...]}', 'template_echo'],
  ['NaN', json.replace('1.5', 'NaN'), 'invalid_json'],
  ['Infinity', json.replace('1.5', 'Infinity'), 'invalid_json'],
  ['a number beyond all bounds', json.replace('1.5', '1e999'), 'invalid_json'],
  ['a leading zero', json.replace('1.5', '01'), 'invalid_json'],
  ['a duplicate key', json.replace('"n"', '"stage":"spec-audit","n"'), 'invalid_json'],
  ['__proto__ as a key', json.replace('"n"', '"__proto__"'), 'invalid_json'],
  ['an escaped __proto__ as a key', json.replace('"n"', '"__pro\\u0074o__"'), 'invalid_json'],
  ['constructor as a key', json.replace('"n"', '"constructor"'), 'invalid_json'],
  ['single quotes', "{'stage':'s','agent':'a'}", 'no_json'],
  ['keys without quotes', '{stage:"s",agent:"a"}', 'no_json'],
  ['a quote that is not escaped', '{"stage":"s","agent":"a","x":"say "hi" now"}', 'invalid_json'],
  ['a missing comma', '{"stage":"s" "agent":"a"}', 'invalid_json'],
  ['two commas', '{"stage":"s",,"agent":"a"}', 'invalid_json'],
  ['half a character', '{"stage":"s","agent":"\\ud800"}', 'invalid_json'],
  ['a NUL in a string', '{"stage":"s","agent":"\u0000"}', 'invalid_json'],
  ['65 levels', deep(65), 'too_deep'],
  ['100,000 levels', abyss, 'too_deep'],
  ['100,000 levels in prose', `So: ${abyss}`, 'too_deep'],
  ['100,000 open brackets', '['.repeat(100_000), 'too_deep'],
  ['50 MB', `{"stage":"${'x'.repeat(50 * 1024 * 1024)}"}`, 'too_large'],
  ['over 2 MB in bytes alone', `"${'é'.repeat(MAX_ANSWER_BYTES / 2)}"`, 'too_large'],
] as const)('refuses %s', ([, text, reason]) => {
  expect(extractObject(text)).toMatchObject({ reason });
});

test('64 levels and 2 MB are still read', () => {
  expect(extractObject(deep(64))).toHaveProperty('object');
  const frame = '{"stage":"s","agent":""}';
  const text = frame.replace('""', `"${'x'.repeat(MAX_ANSWER_BYTES - frame.length)}"`);
  expect(extractObject(text)).toHaveProperty('object');
});

test('what is asked for beside stage and agent has to be there', () => {
  expect(extractObject(json, ['decision'])).toEqual({ reason: 'wrong_shape', detail: 'decision is missing' });
  expect(extractObject('{"a":1}', [])).toHaveProperty('object');
});

/** Every one of these makes a careless reader take quadratic time: seconds for what takes milliseconds. */
test.for([
  ['braces', '{"'.repeat(400_000)],
  ['objects in prose', 'x {"a":1} '.repeat(100_000)],
  ['fences', '```\n{\n```\n'.repeat(100_000)],
  ['thoughts', '<think>'.repeat(200_000)],
  ['comments', `{"a":${'/* */'.repeat(200_000)}1}`],
  ['open comments', '{"a":/*'.repeat(150_000)],
  ['blanks', `{${' '.repeat(1_000_000)}"`],
  ['brackets and blanks', `{ ${'\n'.repeat(500)}`.repeat(2_000)],
  ['escapes', `"${'\\"'.repeat(500_000)}`],
  ['colons', '":        string'.repeat(100_000)],
  ['escape sequences', '\u001b]'.repeat(500_000)],
])('reads a megabyte of %s and comes to an end', ([, text = '']) => {
  expect(extractObject(text)).toHaveProperty('reason');
});

const Json = fc.jsonValue({ maxDepth: 4, noUnicodeString: false });

test('never throws, whatever the text', () => {
  const pieces = fc.constantFrom(
    json,
    pretty.slice(0, 50),
    '{"',
    '}',
    '```json\n',
    '\n```\n',
    '<think>',
    '</think>',
    '"',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 12 }), parts => {
      const found = extractObject(parts.join(''));
      expect('object' in found || found.reason.length > 0).toBe(true);
    }),
  );
});

test('a valid object is read as it is, wherever it stands', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), Json, { maxKeys: 5 }), members => {
      fc.pre(!JSON.stringify(members).match(/__proto__|constructor|prototype|\\ud|stub|string|number/i));
      const object = { ...members, stage: 'spec-plan', agent: 'gemini' };
      const text = JSON.stringify(object);
      const same = JSON.parse(text);
      for (const around of [text, `[${text}]`, JSON.stringify(text), `Answer: ${text} Done.`]) {
        const found = extractObject(around);
        if ('reason' in found) expect([found.reason, around]).toEqual(['template_echo', '']);
        else expect(found.object).toEqual(same);
      }
    }),
  );
});

test('a byte order mark before an answer is left out, one within it stays', () => {
  const object = { stage: 'spec-plan', agent: 'gemini', note: 'a\uFEFFb' };
  const text = JSON.stringify(object);
  for (const around of [`\uFEFF${text}`, `Here:\n\`\`\`json\n\uFEFF${text}\n\`\`\`\n`, `So: \uFEFF${text}`])
    expect(extractObject(around)).toMatchObject({ object });
});

test('no part of a valid object is accepted for the whole', () => {
  const inner = { stage: 'spec-plan', agent: 'gemini', cites: ['a.md'] };
  fc.assert(
    fc.property(Json, fc.integer({ min: 1 }), fc.boolean(), (value, cut, fenced) => {
      const text = JSON.stringify({
        stage: 'spec-plan',
        agent: 'gemini',
        first: inner,
        value,
        list: [inner, inner],
      });
      const part = text.slice(0, cut % text.length);
      expect(extractObject(fenced ? `Here:\n\`\`\`json\n${part}` : part)).toHaveProperty('reason');
    }),
  );
});

test('says where JSON stops being JSON', () => {
  expect(readJson('{"a":1 "b":2}')).toEqual({
    flaw: 'invalid_json',
    detail: 'a comma or } is missing at character 8',
  });
  expect(readJson('[1] 2')).toEqual({
    flaw: 'invalid_json',
    detail: 'something follows the value at character 5',
  });
  expect(readJson('{"a"')).toEqual({ flaw: 'truncated', detail: 'the text ends at character 5' });
  expect(readJson('tru')).toMatchObject({ flaw: 'truncated' });
  expect(readJson('truth')).toMatchObject({ flaw: 'invalid_json' });
  expect(readJson('[1,]')).toEqual({ value: [1], repaired: true });
  expect(readJson('[,]')).toMatchObject({ flaw: 'invalid_json' });
  expect(readJson('[ 1 , 2 ]')).toEqual({ value: [1, 2], repaired: false });
  expect(readJson('[] /* x')).toMatchObject({ flaw: 'truncated' });
  expect(readJson('[1 /*/ , 2 */]')).toEqual({ value: [1], repaired: true });
  expect(readJson('[1 // , 2\n]')).toEqual({ value: [1], repaired: true });
  expect(readJson('[1 / 2]')).toMatchObject({ flaw: 'invalid_json' });
});
