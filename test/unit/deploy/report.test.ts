import { describe, expect, it } from '@jest/globals';
import { escapeHtml, safeAddress } from '../../../actions/ecs-bluegreen-deploy/src/report/html';
import { reportName } from '../../../actions/ecs-bluegreen-deploy/src/report/report-file';

describe('the report', () => {
  it.each([
    'javascript:alert(1)',
    'http://console.aws.amazon.com/',
    'data:text/html,x',
    '//evil.example',
    'no address',
  ])('links to nothing like %s', (address) => {
    expect(safeAddress(address)).toBeUndefined();
  });

  it('links to the console', () => {
    expect(safeAddress('https://console.aws.amazon.com/x?region=y#/z')).toBe(
      'https://console.aws.amazon.com/x?region=y#/z',
    );
  });

  it('shows text as text', () => {
    expect(escapeHtml(`<b a="1" b='2'>&\u001b[31m\u202e`)).toBe('&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;');
  });

  it('has a name of safe characters and bounded length', () => {
    expect(reportName('d-ABC123XYZ')).toBe('deployment-report-d-ABC123XYZ.html');
    expect(reportName(`../\u0000\n"${'x'.repeat(500)}`)).toMatch(/^deployment-report-[\w.-]{100}\.html$/);
  });
});
