import { describe, expect, it } from '@jest/globals';
import { escapeMarkdown, markdownCode, markdownLink, markdownLog, markdownTable } from '../../shared/markdown';
import { fc } from '../support/properties';

describe('foreign text in Markdown', () => {
  it.each([
    ['123456789012.dkr.ecr.us-west-2.amazonaws.com/my_app:1', '123456789012.dkr.ecr.us-west-2.amazonaws.com/my_app:1'],
    ['<account_ID>', '&#60;account_ID&#62;'],
    ['[x](http://example.com)', '\\[x\\](http://example.com)'],
    ['![x](y)', '!\\[x\\](y)'],
    ['*a* _b_ `c` ~d~ $e$ a|b', '\\*a\\* \\_b\\_ \\`c\\` \\~d\\~ \\$e\\$ a\\|b'],
    ['@team &amp;', '&#64;team &#38;amp;'],
    ['# heading', '\\# heading'],
    ['- item', '\\- item'],
    ['1. item', '\\1. item'],
    ['two\nlines\u001b[31m red', 'two lines red'],
    ['https://a.example/x_y?z=1#frag', 'https://a.example/x_y?z=1#frag'],
  ])('%j is %j', (text, markdown) => {
    expect(escapeMarkdown(text)).toBe(markdown);
  });

  it('has no tag, mention, code, table or line break, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeMarkdown(text)).not.toMatch(/[<>@\n\r]|(?<!\\)[`|[\]*~$]/);
      }),
    );
  });

  it('is code that no backtick ends', () => {
    expect([markdownCode('a`b|c\nd'), markdownCode(' ')]).toEqual(["`a'b\\|c d`", '']);
  });

  it('is a log that no tag, fence or blank line ends', () => {
    const log = markdownLog(['```', '</pre><img src=x>', '', '@team **x** | \\']);
    expect(log.slice('<pre>'.length, -'</pre>'.length)).not.toMatch(/[<>@`*|\\]/);
  });

  it('is a link only to an https address', () => {
    expect(markdownLink('see', 'https://console.aws.amazon.com/x?region=a#/b')).toBe(
      '[see](https://console.aws.amazon.com/x?region=a#/b)',
    );
    for (const address of ['javascript:alert(1)', 'http://x.example', 'https://x.example/) [y](https://z.example'])
      expect(markdownLink('s[ee', address)).toBe('s\\[ee');
  });

  it('is a table of rows', () => {
    expect(markdownTable(['a', 'b'], [['1', '2']])).toEqual(['| a | b |', '| --- | --- |', '| 1 | 2 |']);
  });
});
