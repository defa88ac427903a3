// What the probe prints: cmd.exe expands %NAME% alone ("set /?"); PowerShell's echo is Write-Output, one object a
// line, and $PSHOME its folder (about_Automatic_Variables); sh puts nothing in place of a variable that is not set.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROBE, shellOf } from '../../../../src/edge/guest/ssh/shell.ts';

for (const [what, printed, shell] of [
  ['cmd.exe', 'rdpdoctor-probe C:\\Windows\\system32\\cmd.exe $PSHOME end\r\n', 'cmd'],
  [
    'cmd.exe after a greeting',
    'Grüß Gott\r\nrdpdoctor-probe C:\\Windows\\system32\\cmd.exe $PSHOME end\r\n',
    'cmd',
  ],
  ['cmd.exe without ComSpec', 'rdpdoctor-probe %ComSpec% $PSHOME end\r\n', undefined],
  [
    'Windows PowerShell',
    'rdpdoctor-probe\r\n%ComSpec%\r\nC:\\Windows\\System32\\WindowsPowerShell\\v1.0\r\nend\r\n',
    'powershell',
  ],
  [
    'PowerShell 7',
    'rdpdoctor-probe\r\n%ComSpec%\r\nC:\\Program Files\\PowerShell\\7\r\nend\r\n',
    'powershell',
  ],
  ['bash', 'rdpdoctor-probe %ComSpec% end\n', 'sh'],
  ['a refusal', 'This service allows sftp connections only.\n', undefined],
  ['nothing', '', undefined],
] as const) {
  test(`${what} is ${shell ?? 'none that is known'}`, () => {
    assert.equal(shellOf({ stdout: Buffer.from(printed, 'latin1') }), shell);
  });
}

test('the probe is read the same by every shell: no quotes, no operators', () => {
  assert.match(PROBE, /^[\w %$-]+$/);
});
