import t from 'tap';
import * as github from './github.ts';
import * as html from './html.ts';
import * as markdown from './markdown.ts';
import * as tap from './tap.ts';
import * as terminal from './terminal.ts';
import { visible } from './visible.ts';
import * as xml from './xml.ts';
import { HOSTILE } from '../testing/hostile.ts';

const ACTING = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/u;

t.test('acting characters become readable, the rest stays', async (t) => {
  t.equal(visible('\u001b[31m\n\u202e\ud800\u0085\u{e0041}'), '\\x1b[31m\\n\\u202e\\ud800\\x85\\u{e0041}');
  t.equal(visible('Drehmoment äöü 力矩 🚗'), 'Drehmoment äöü 力矩 🚗');
  t.equal(visible('x'.repeat(30), 10), `${'x'.repeat(9)}…`);
  t.equal(visible('\n'.repeat(30), 10), '\\n\\n\\n\\n\\…', 'also where it became longer');
  t.equal(visible('\n\n\n\n🚗🚗', 10), '\\n\\n\\n\\n…', 'and no half of a pair is left');
});

t.test('no language lets an acting character through', async (t) => {
  const all = { terminal: terminal.escapeText, xml: xml.escapeText, html: html.escapeText, markdown: markdown.escapeText, tap: tap.escapeText, yaml: tap.yamlScalar, github: github.escapeText, property: github.escapeProperty };
  for (const [language, escape] of Object.entries(all)) {
    for (const text of HOSTILE) t.notMatch(escape(text), ACTING, `${language}: hostile name ${HOSTILE.indexOf(text)}`);
  }
});

t.test('each language', async (t) => {
  t.equal(terminal.escapeText('##[error]a ##vso[x] ::b'), '#\\#[error]a #\\#vso[x] ::b');
  t.equal(terminal.escapeText('  ::error::b'), '  :\\:error::b');
  t.equal(xml.escapeText('<a b="c">&amp;'), '&#60;a b=&#34;c&#34;&#62;&#38;amp;');
  t.equal(html.escapeText('<a>`'), '&#60;a&#62;&#96;');
  t.equal(html.escapeJson({ a: '</script><!-- & \u2028', b: Number.NaN }), '{"a":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\\\u2028","b":null}');
  const long = 'Ab+/'.repeat(1000);
  t.equal(html.escapeJson({ got: `${long}==`, other: long }, ['got']), `{"got":"${long}==","other":"${long.slice(0, 1999)}…"}`, 'base64 is whole where it is meant to be');
  t.equal(html.escapeJson({ got: `${long}\u202e` }, ['got']), `{"got":"${long.slice(0, 1999)}…"}`);
  t.equal(markdown.escapeText('a|b `c` <d> @me #1 http://x'), 'a\\|b \\`c\\` &lt;d&gt; @&#8203;me #&#8203;1 http:&#8203;//x');
  t.equal(tap.escapeText('a # SKIP \\ b'), 'a \\# SKIP \\\\ b');
  t.equal(tap.yamlScalar('a: "b"\n...'), '"a: \\"b\\"\\\\n..."');
  t.equal(github.escapeProperty('100%: a, b\n::'), '100%25%3A a%2C b\\n%3A%3A');
});
