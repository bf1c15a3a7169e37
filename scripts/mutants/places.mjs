// What `run.mjs` may change: places in formatted TypeScript, found without a parser. Imports, types, comments and prose stay.
// The operators are those of Stryker that need no parser; like it, this leaves numbers alone.

const flips = {
  ' === ': ' !== ',
  ' !== ': ' === ',
  ' && ': ' || ',
  ' || ': ' && ',
  ' < ': ' <= ',
  ' <= ': ' < ',
  ' > ': ' >= ',
  ' >= ': ' > ',
  ' + ': ' - ',
  ' - ': ' + ',
  ' += ': ' -= ',
  '.some(': '.every(',
  '.every(': '.some(',
  ' ?? ': ' && ',
  '++': '--',
  '--': '++',
};
const NOT_CODE = /^(\s*(import|export \{|export type|type|interface|readonly)\b|\s*(\*|\/\/|\/\*)|\} from )/;
const STATEMENT = /^\s*(?:[\w.[\]]+(?:\+\+|--)|[\w.[\]]+ (?:=|\+=|\|\|=|\?\?=) .+|[\w.]+\(.*\)|continue|break|return);$/;

/** Every mutant of a file: {line (from 1), operator, text (the whole file, changed)}. */
export function mutantsOf(source) {
  const masked = mask(source);
  const mutants = [];
  let offset = 0;
  let inType = false;
  for (const [index, line] of source.split('\n').entries()) {
    const code = masked.slice(offset, offset + line.length);
    if (/^(export )?(interface|type) /.test(line)) inType = true;
    if (!inType && !NOT_CODE.test(line)) {
      for (const { from, to, by, operator } of changesIn(line, code)) {
        const text = source.slice(0, offset + from) + by + source.slice(offset + to);
        mutants.push({ line: index + 1, operator, text });
      }
    }
    if (inType && (/^\S.*;$|^\}/.test(line) || line === '')) inType = false;
    offset += line.length + 1;
  }
  return mutants;
}

function* changesIn(line, code) {
  for (const [word, by] of Object.entries(flips))
    for (let at = code.indexOf(word); at !== -1; at = code.indexOf(word, at + 1))
      yield { from: at, to: at + word.length, by, operator: `${word.trim()} -> ${by.trim()}` };
  for (const { 0: word, index } of code.matchAll(/(?<![\w.'])(?:true|false)(?!\w)/g))
    yield { from: index, to: index + word.length, by: word === 'true' ? 'false' : 'true', operator: `not ${word}` };
  for (const { index } of code.matchAll(/(?<=[(\s])!(?=[\w(])/g)) yield { from: index, to: index + 1, by: '', operator: 'without !' };
  for (const { index } of code.matchAll(/\bif \(/g)) {
    const open = index + 3;
    const close = closing(code, open);
    if (close === -1) continue;
    yield { from: open, to: close + 1, by: '(true)', operator: 'if true' };
    yield { from: open, to: close + 1, by: '(false)', operator: 'if false' };
  }
  for (const { index } of code.matchAll(/\.filter\(/g)) {
    const close = closing(code, index + 7);
    if (close !== -1) yield { from: index, to: close + 1, by: '', operator: 'without .filter()' };
  }
  // A text with a blank in it is prose for people: no test should hold its wording.
  for (const { index } of code.matchAll(/'\0*'/g)) {
    const end = code.indexOf("'", index + 1);
    const text = line.slice(index + 1, end);
    if (!text.includes(' ')) yield { from: index, to: end + 1, by: text === '' ? "'mutant'" : "''", operator: `text '${text}'` };
  }
  if (STATEMENT.test(line) && !/^\s*return .+;$/.test(line)) yield { from: 0, to: line.length, by: '', operator: 'without the statement' };
}

function closing(code, open) {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === '(') depth++;
    if (code[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

/** The source with the insides of texts, templates, patterns and comments as NUL, of the same length. */
function mask(source) {
  const out = [...source];
  const blank = (from, to) => {
    for (let at = from; at < to; at++) if (source[at] !== '\n') out[at] = '\0';
  };
  for (let at = 0; at < source.length; at++) {
    const end = endOf(source, at);
    if (end === at) continue;
    blank(source[at] === "'" ? at + 1 : at, source[at] === "'" ? end - 1 : end);
    at = end - 1;
  }
  return out.join('');
}

/** Index after what starts at `at` and is no code; `at` when it is code. */
function endOf(source, at) {
  if (source.startsWith('//', at)) return after(source, '\n', at) - 1;
  if (source.startsWith('/*', at)) return after(source, '*/', at + 2);
  const quote = source[at];
  if (quote === "'" || quote === '"' || quote === '`') return afterQuote(source, at, quote);
  const before = source.slice(0, at).trimEnd().at(-1) ?? '';
  return quote === '/' && '(=:,[!&|?{};>'.includes(before) ? afterPattern(source, at) : at;
}

function after(source, text, from) {
  const at = source.indexOf(text, from);
  return at === -1 ? source.length : at + text.length;
}

function afterQuote(source, start, quote) {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === quote) return at + 1;
  }
  return source.length;
}

function afterPattern(source, start) {
  let inClass = false;
  for (let at = start + 1; at < source.length && source[at] !== '\n'; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '[') inClass = true;
    else if (source[at] === ']') inClass = false;
    else if (source[at] === '/' && !inClass) return at + 1;
  }
  return start;
}
