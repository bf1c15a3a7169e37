import { codesOf } from '../origin/bundle.js';
import type { CheckStory, StageStory, Story } from './gather.js';
import { headline, isProven, originWords, stageWords } from './words.js';

/** The first line of every report of ours: what may be replaced by a newer one. */
export const REPORT_MARK = '<!DOCTYPE html><!-- spec-kit-mcp report -->';

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#eef1f4;--line:#c9d1d9;--good:#116329;--bad:#a40e26;--open:#7a4b00}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--soft:#161b22;--line:#3d444d;--good:#56d364;--bad:#ff7b72;--open:#e3b341}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem}h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}
ol.line{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.5rem}
ol.line li{border-top:.4rem solid var(--tone);background:var(--soft);padding:.5rem .75rem;border-radius:.25rem}
ol.line strong{display:block;text-transform:capitalize}
.good{--tone:var(--good)}.bad{--tone:var(--bad)}.open{--tone:var(--open)}
.tag{color:var(--tone);font-weight:600}section.stage{border-left:.25rem solid var(--tone);padding-left:1rem;margin:1.25rem 0}
section.stage h3{margin:0}section.stage h3::first-letter{text-transform:uppercase}table{border-collapse:collapse;width:100%;margin-top:.5rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}.skip{position:absolute;left:-999rem}.skip:focus{left:1rem}
summary{cursor:pointer}:focus-visible{outline:3px solid var(--open);outline-offset:2px}
@media print{details{display:block}}`;

/** One self-contained page: no script, nothing loaded from anywhere, every text of others escaped. */
export function storyHtml(story: Story): string {
  const title = `What is proven about ${story.specId}`;
  return [
    REPORT_MARK,
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    '<a class="skip" href="#stages">Skip to the stages</a><main>',
    `<h1>${escaped(title)}</h1>`,
    `<p>${escaped(headline(story))}</p>`,
    `<p>Made from the evidence at <time datetime="${escaped(story.madeAt)}">${escaped(when(story.madeAt))}</time>. ${escaped(story.verification.anchor)}</p>`,
    '<h2 id="timeline">Stages in order</h2>',
    `<ol class="line" aria-labelledby="timeline">${story.stages.map(milestone).join('')}</ol>`,
    '<h2 id="stages">What each stage shows</h2>',
    ...story.stages.map(stageSection),
    ...attestedSection(story),
    ...originSection(story),
    ...findingSection(story),
    '</main></body></html>\n',
  ].join('\n');
}

function toneOf(stage: StageStory): { readonly tone: string; readonly word: string } {
  if (isProven(stage)) return { tone: 'good', word: 'proven' };
  if (stage.outcome === 'failed') return { tone: 'bad', word: 'failed' };
  if (stage.doubt !== undefined) return { tone: 'bad', word: 'does not hold' };
  return { tone: 'open', word: stage.outcome === undefined ? 'not run' : 'incomplete' };
}

function milestone(stage: StageStory): string {
  const { tone, word } = toneOf(stage);
  const date =
    stage.at === undefined
      ? ''
      : `<br><time datetime="${escaped(stage.at)}">${escaped(when(stage.at))}</time>`;
  return `<li class="${tone}"><strong>${stage.stage}</strong><span class="tag">${word}</span>${date}</li>`;
}

function stageSection(stage: StageStory): string {
  const { tone, word } = toneOf(stage);
  const waivers = stage.waivers.map(
    ({ check, by, reason }) =>
      `<li>Excused: <code>${escaped(check)}</code> by ${escaped(by)}: ${escaped(reason)}</li>`,
  );
  const bundle = stage.bundle === undefined ? '' : `<p>Bundle <code>${escaped(stage.bundle)}</code></p>`;
  return [
    `<section class="stage ${tone}" aria-label="${stage.stage}"><h3>${stage.stage}: <span class="tag">${word}</span></h3>`,
    `<p>${escaped(stageWords(stage))}</p>${bundle}`,
    ...(waivers.length === 0 ? [] : [`<ul>${waivers.join('')}</ul>`]),
    ...(stage.checks.length === 0 ? [] : [checkTable(stage.checks)]),
    '</section>',
  ].join('');
}

function checkTable(checks: readonly CheckStory[]): string {
  const rows = checks.map(
    ({ name, status, message }) =>
      `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${status.replace('_', ' ')}</td><td>${escaped(message)}</td></tr>`,
  );
  return `<details><summary>${checks.length} checks</summary>${table(['Check', 'Result', 'What was seen'], rows)}</details>`;
}

function table(titles: readonly string[], rows: readonly string[]): string {
  const heads = titles.map(title => `<th scope="col">${title}</th>`).join('');
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function attestedSection({ attested }: Story): readonly string[] {
  if (attested.length === 0) return [];
  const rows = attested.map(
    ({ bundle, content, at }) =>
      `<tr><th scope="row"><code>${escaped(bundle)}</code></th><td>${escaped(content)}</td><td>${escaped(when(at))}</td></tr>`,
  );
  const note = '<p>These files are as they were written; whether they are true is for people to judge.</p>';
  return [
    `<h2>Attested by callers</h2>${note}${table(['Bundle', 'What it is said to be', 'Recorded'], rows)}`,
  ];
}

function originSection(story: Story): readonly string[] {
  if (story.origin.length === 0) return [];
  const rows = story.origin.map(bundle => {
    const name = [bundle.kind, bundle.stage ?? '', bundle.session].filter(part => part !== '').join(' ');
    return `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${escaped(bundle.verdict.replace('_', ' '))}</td><td>${escaped(codesOf(bundle).join(', '))}</td></tr>`;
  });
  return [
    `<h2>Older evidence</h2><p>${escaped(originWords(story))}</p>${table(['Bundle', 'Judged', 'Reasons'], rows)}`,
  ];
}

function findingSection({ findings }: Story): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(
    ({ severity, code, file, message }) =>
      `<tr><th scope="row"><code>${escaped(code)}</code></th><td>${severity}</td><td>${escaped(message)}${file === undefined ? '' : `<br><code>${escaped(file)}</code>`}</td></tr>`,
  );
  return [`<h2>What verification found</h2>${table(['Code', 'Weight', 'What was seen'], rows)}`];
}

function when(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of anybody, as text. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => ENTITIES[character] ?? '');
}
