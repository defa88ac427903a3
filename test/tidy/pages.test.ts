// What a page of docs/causes must say where it gives certain advice: people act on it line by line.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL('../../docs/causes/', import.meta.url);
const PAGES = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(new URL(name, FOLDER), 'utf8'),
}));

interface Rule {
  readonly name: string;
  /** A page that keeps the rule, and one that breaks it. */
  readonly good: string;
  readonly bad: string;
  /** The lines that break it. */
  offences(text: string): readonly string[];
}

/** The lines between "What to do" and the next heading. */
function adviceIn(text: string): readonly string[] {
  const [, rest = ''] = text.split('## What to do\n');
  return (rest.split('\n## ')[0] ?? '').split('\n');
}

/** Lines of the advice that speak of something and do not say what they must. */
function without(topic: RegExp, needed: RegExp): Rule['offences'] {
  return (text) => adviceIn(text).filter((line) => topic.test(line) && !needed.test(line));
}

const page = (line: string): string => `## What to do\n\n${line}\n\n## What it costs\n`;

const RULES: readonly Rule[] = [
  {
    name: 'a line that has TermService restarted says that this disconnects sessions',
    good: page('Restart TermService, which disconnects every session.'),
    bad: page('Then restart TermService.'),
    offences: without(/\brestart(?:ing)? (?:only )?TermService\b/i, /disconnect/i),
  },
  {
    name: 'the sentence before a command that restarts TermService says that this disconnects sessions',
    good: page(
      'Restart it, which disconnects every session:\n\n```powershell\nRestart-Service TermService -Force',
    ),
    bad: page('Restart it:\n\n```powershell\nRestart-Service TermService -Force'),
    offences(text) {
      const lines = adviceIn(text).filter((line) => line !== '' && !line.startsWith('```'));
      return lines.filter(
        (line, at) =>
          /^(?:Restart-Service|net stop) .*TermService/i.test(line) &&
          !/disconnect/i.test(lines[at - 1] ?? ''),
      );
    },
  },
  {
    name: 'a key file that is gone is restored, and is no question of rights',
    good: page('If the key file is gone, restore it from a backup.'),
    bad: page('If the key file is gone, restore its rights with icacls.'),
    offences: (text) =>
      adviceIn(text).filter(
        (line) =>
          /\bkey file\b.*\bgone\b/i.test(line) &&
          !/^(?!.*(?:icacls|full control)).*\brestored?\b/i.test(line),
      ),
  },
  {
    // Outside a domain there is neither, and whoever reads the page may be there.
    name: 'Kerberos and domain controllers are spoken of to members of a domain alone',
    good: page('On a member of a domain, connect by name, so that Kerberos is used.'),
    bad: page('Connect by name, so that Kerberos is used.'),
    offences: without(/^(?!reg query).*\bKerberos\b/, /\b(?:domain|workgroup|Protected Users)\b/i),
  },
  {
    name: 'no command replaces a list of security packages or providers',
    good: page('Set-ItemProperty $key -Name SecurityProviders -Value (($list + $new) -join ", ")'),
    bad: page('reg add "HKLM\\SYSTEM\\…\\SecurityProviders" /v SecurityProviders /d credssp.dll /f'),
    offences: (text) =>
      text
        .split('\n')
        .filter(
          (line) =>
            /\breg(?:\.exe)? add\b.*\/v "?(?:SecurityProviders|Security Packages|Authentication Packages)\b/i.test(
              line,
            ) ||
            /(?:Set|New)-ItemProperty\b.*(?:SecurityProviders|(?:Security|Authentication) Packages)'? -Value (?!.*\+)/.test(
              line,
            ),
        ),
  },
  {
    name: 'a PortNumber of 0 is never called a port',
    good: page('A PortNumber of 0 is not a valid port.'),
    bad: page('Set PortNumber to 0, a free port.'),
    offences: (text) =>
      text
        .split('\n')
        .filter((line) => /\b(?:port|PortNumber\b.*) 0\b/.test(line) && !/not a valid port/.test(line)),
  },
];

for (const { name, good, bad, offences } of RULES) {
  test(name, () => {
    assert.deepEqual(offences(good), []);
    assert.equal(offences(bad).length, 1, bad);
    const found = PAGES.flatMap((one) => offences(one.text).map((line) => `${one.name}: ${line}`));
    assert.deepEqual(found, []);
  });
}

test('where a page has TLS 1.2 switched on, it names KB3080079 for Windows 7 and Server 2008 R2', () => {
  const switching = PAGES.filter(({ text }) => /reg add .*TLS 1\.2\\Server/.test(text));
  assert.ok(switching.length >= 2, `only ${switching.length} pages`);
  assert.deepEqual(
    switching.filter(({ text }) => !/KB3080079/.test(adviceIn(text).join('\n'))).map(({ name }) => name),
    [],
  );
});

test('the pages of a changed port and of one that is not reached say that 0 is none', () => {
  for (const name of ['port-changed.md', 'port-unreachable.md']) {
    const text = PAGES.find((one) => one.name === name)?.text ?? '';
    assert.match(text, /\b0\b.*\bnot a valid port|not a valid port \(0\b/, name);
  }
});
