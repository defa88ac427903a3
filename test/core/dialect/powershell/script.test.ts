import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { powershellScript } from '../../../../src/core/dialect/powershell/index.ts';
import { operationsFor } from '../../../../src/core/dialect/script/operation.ts';
import { usualOperations } from '../../../../src/core/dialect/script/usual.ts';
import type { Question } from '../../../../src/core/windows/inquiry.ts';

const SCRIPT = powershellScript(usualOperations(), { version: '1.2.3' });
const CODE = SCRIPT.replaceAll(/^\s*#.*$/gm, '');

/** Cmdlets of Windows PowerShell 3.0 that only read. Whatever else a script names it must define itself. */
const READERS = new Set([
  ...[
    'Get-Acl',
    'Get-ChildItem',
    'Get-CimInstance',
    'Get-Content',
    'Get-Date',
    'Get-Item',
    'Get-ItemProperty',
  ],
  ...[
    'Get-Process',
    'Get-Service',
    'Get-WinEvent',
    'Test-Path',
    'Split-Path',
    'Measure-Object',
    'New-Object',
  ],
  ...['ForEach-Object', 'Where-Object', 'Select-Object', 'Sort-Object', 'Set-StrictMode'],
]);

/** Objects in memory, and a stream on a file that is opened for reading. */
const OBJECTS = new Set([
  ...['IO.MemoryStream', 'IO.Compression.GZipStream', 'IO.FileStream', 'byte', 'UnauthorizedAccessException'],
  ...['Security.Cryptography.SHA256CryptoServiceProvider', 'Security.Principal.SecurityIdentifier'],
  ...['Reflection.AssemblyName'],
]);

describe('a PowerShell script', () => {
  test('is ASCII with CRLF, whatever carries it', () => {
    assert.match(SCRIPT, /^(?:[\x20-\x7e]*\r\n)+$/);
  });

  test('calls nothing but cmdlets that read, and what it defines itself', () => {
    const own = new Set([...CODE.matchAll(/^function ([\w-]+)/gm)].map(([, name]) => name));
    const strings = CODE.replaceAll(/'[^'\n]*'/g, "''");
    const called = new Set([...strings.matchAll(/\b[A-Z][a-z]+[A-Za-z]*-[A-Z]\w+/g)].map(([name]) => name));
    assert.deepEqual(
      [...called].filter((name) => !own.has(name) && !READERS.has(name)),
      [],
    );
  });

  test('makes no object that could write or reach out', () => {
    const made = new Set([...CODE.matchAll(/New-Object ([\w.]+)/g)].map(([, name]) => name ?? ''));
    assert.deepEqual(
      [...made].filter((name) => !OBJECTS.has(name)),
      [],
    );
    assert.match(CODE, /IO\.FileStream\(\$item\.FullName, 'Open', 'Read', /);
  });

  test('runs programs of Windows in one place alone, with nothing for them to read', () => {
    const started = [...CODE.matchAll(/& (?!\$work|\$tell|\{)([^\n]*)/g)].map(([line]) => line.trim());
    assert.deepEqual(started, ['& $path @arguments 2>$null)']);
    assert.match(CODE, /\$null \| & \$path @arguments/);
    assert.doesNotMatch(CODE, /\b(?:cmd|reg|sc|netsh|secedit|bcdedit|wmic)(?:\.exe)?\s/i);
  });

  test('cannot ask anybody, and changes nothing', () => {
    assert.doesNotMatch(
      CODE,
      /Read-Host|Get-Credential|ReadLine|\bpause\b|-Confirm|Add-Type|Invoke-Expression|iex\b/i,
    );
    // Only to nowhere is anything redirected; two lines write XML, and one has a pattern of it.
    const code = CODE.replaceAll(/^.*(?:<Select|<QueryList|<\/Event).*$/gm, '');
    const redirected = code.match(/[0-9]?>+\s*[^\s'"=.;&)]+/g) ?? [];
    assert.deepEqual(
      redirected.filter((to) => to !== '2>$null'),
      [],
    );
  });

  test('has nothing that Windows PowerShell 3.0 does not know', () => {
    const code = CODE.replaceAll(/'[^'\n]*'/g, "''").replaceAll(/"[^"\n]*"/g, '""');
    assert.doesNotMatch(
      code,
      /::new\(|\?\?|\?\.|&&|\|\||\.(?:Where|ForEach)\(|^\s*(?:class|enum|using) |-Parallel|-AsByteStream/m,
    );
    assert.doesNotMatch(
      code,
      /Get-ItemPropertyValue|Get-FileHash|ConvertTo-Json|Compress-Archive|-PassThru|\$Is(?:Windows|Linux)/,
    );
  });

  test('takes no silence for an absence', () => {
    const body = (name: string): string => CODE.split(`function ${name}(`)[1]?.split(/^function /m)[0] ?? '';
    // OpenSubKey says nothing of a key in a damaged hive as well: its name is looked for above it.
    assert.equal(CODE.match(/\.OpenSubKey\(/g)?.length, 1);
    assert.match(body('Open-Key'), /GetSubKeyNames\(\)[\s\S]*throw 'it is there and cannot be opened'/);
    // A value that goes away meanwhile ends the listing of all.
    assert.match(
      body('Read-Values'),
      /try \{ \$present = \$key\.GetValueNames\(\) \} catch \{.* Line 'error'/,
    );
    assert.match(
      body('Read-ValuesByProvider'),
      /try \{ \$values = Get-ItemProperty .*\} catch \{.* Line 'error'/,
    );
    // The service control manager leaves out what the caller may not query.
    assert.match(body('Read-ServiceStates'), /if \(\$key\) \{ Line 'service' \$name 'unknown'/);
    // Every Windows listens on 135.
    assert.match(body('Read-Owner'), /-or -not @\(\$listed\.lines -match [^\n]*'netstat did not answer'/);
  });

  test('says in its first lines that it only reads, and lists what', () => {
    const comments = SCRIPT.split('\r\n').filter((line) => line.startsWith('#'));
    assert.match(comments[1] ?? '', /only reads\. It changes no setting, .* writes no file and asks nothing/);
    for (const operation of usualOperations()) {
      const what =
        operation.kind === 'key'
          ? operation.key
          : operation.kind === 'ask' && 'path' in operation.question
            ? operation.question.path
            : '';
      assert.ok(
        comments.some((line) => line.includes(what)),
        what,
      );
    }
    assert.ok(
      comments.some((line) => line.includes('may make a machine with a broken channel look for another one')),
    );
  });

  test('puts what takes long last, and prints what was seen before it', () => {
    const at = (text: string): number => SCRIPT.indexOf(`{ ${text}`);
    assert.ok(at('Read-Key') < at('Read-Events') && at('Read-Events') < at('Read-Logons'));
    assert.ok(at('Read-Logons') < at('Read-Channel'));
    assert.ok(
      SCRIPT.lastIndexOf('if ($full) { Send-Held }\r\nSection', at('Read-Channel')) > at('Read-StartTime'),
    );
  });
});

describe('names that come from the machine', () => {
  const line = (question: Question): string => {
    const script = powershellScript(operationsFor([question]), { version: '1' });
    return script.split('\r\n').find((text) => text.startsWith('Section 2')) ?? '';
  };
  const value = (key: string): string => line({ kind: 'values', hive: 'SYSTEM', key });
  const ROWS: readonly (readonly [string, string, string])[] = [
    ['a quote ends nothing', "a'; Remove-Item x; '", "'a''; Remove-Item x; '''"],
    ['a quote of another form ends nothing', 'a\u2019; x', "('' + 'a' + [char]8217 + '; x')"],
    ['a line end begins nothing', 'a\r\nx', "('' + 'a' + [char]13 + [char]10 + 'x')"],
    ['a variable is none', '$env:x $(x)', "'$env:x $(x)'"],
    ['letters beyond ASCII', 'Dienst\u00e4', "('' + 'Dienst' + [char]228)"],
  ];
  for (const [what, key, expected] of ROWS) {
    test(what, () => assert.equal(value(key), `Section 2 { Read-Key 'SYSTEM' ${expected} 0 $null }`));
  }

  test('stand in no comment as more than text', () => {
    const script = powershellScript(
      operationsFor([{ kind: 'values', hive: 'SYSTEM', key: 'a\r\nRemove-Item x' }]),
      {
        version: '1',
      },
    );
    assert.doesNotMatch(script, /^Remove-Item/m);
    assert.match(script, /^#\s+HKLM\\SYSTEM\\a\?\?Remove-Item x\r$/m);
  });
});
