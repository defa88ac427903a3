// Registry.pol, [MS-GPREG] 2.2: what the local group policy sets for Remote Desktop.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DecodeError } from '../../../src/core/bytes/decode-error.ts';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { Writer } from '../../../src/core/bytes/writer.ts';
import { inquireLocalPolicy, readRegistryPol } from '../../../src/core/windows/local-policy.ts';
import { checkManners } from '../decoder-manners.ts';
import { ask, CONTEXT, type FakeMachine } from './fake-machine.ts';

const PATH = '\\Windows\\System32\\GroupPolicy\\Machine\\Registry.pol';
const TSPOL = 'Software\\Policies\\Microsoft\\Windows NT\\Terminal Services';

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly type: number;
  readonly data: Uint8Array;
}

const dword = (value: number): Uint8Array => new Writer().u32le(value).toBytes();

function pol(entries: readonly Entry[]): Uint8Array {
  const w = new Writer().bytes(encodeUtf16le('\u5250\u6765')).u32le(1); // PReg, version 1
  for (const { key, value, type, data } of entries) {
    w.bytes(encodeUtf16le(`[${key}\0;${value}\0;`))
      .u32le(type)
      .bytes(encodeUtf16le(';'));
    w.u32le(data.length).bytes(encodeUtf16le(';')).bytes(data).bytes(encodeUtf16le(']'));
  }
  return w.toBytes();
}

const ENTRIES: readonly Entry[] = [
  { key: TSPOL, value: 'SecurityLayer', type: 4, data: dword(0) },
  { key: TSPOL, value: 'CertTemplateName', type: 1, data: encodeUtf16le('RDP;[x]\0') },
  { key: TSPOL, value: '**del.UserAuthentication', type: 1, data: encodeUtf16le(' \0') },
  { key: 'Software\\Policies\\Other', value: 'x', type: 4, data: dword(1) },
  {
    key: 'System\\CurrentControlSet\\Control\\Lsa\\MSV1_0',
    value: 'ClientAllowedNTLMServers',
    type: 7,
    data: encodeUtf16le('a\0b\0\0'),
  },
  { key: 'Software\\Policies\\Microsoft\\Cryptography', value: 'x', type: 3, data: Uint8Array.of(1, 2, 3) },
];

function look(machine: FakeMachine): unknown {
  const { value, rounds } = ask(machine, inquireLocalPolicy(CONTEXT));
  assert.equal(rounds, 1);
  const observed = value['grouppolicy.local'];
  return observed?.state === 'present' ? observed.value : observed?.state === 'unknown' && observed.detail;
}

const file = (content: Uint8Array): FakeMachine => ({ files: { [PATH]: { content } } });

describe('what the file says', () => {
  test('nothing at all, and each entry once', () => {
    assert.deepEqual(readRegistryPol(pol([])), []);
    assert.deepEqual(
      readRegistryPol(pol(ENTRIES)).map(({ value }) => value),
      ENTRIES.map(({ value }) => value),
    );
  });
  test('values that bear on a sign-in, of every type', () =>
    assert.deepEqual(look(file(pol(ENTRIES))), {
      registryPol: true,
      values: {
        [`${TSPOL}!SecurityLayer`]: 0,
        [`${TSPOL}!CertTemplateName`]: 'RDP;[x]',
        [`${TSPOL}!**del.UserAuthentication`]: ' ',
        'System\\CurrentControlSet\\Control\\Lsa\\MSV1_0!ClientAllowedNTLMServers': 'a, b',
        'Software\\Policies\\Microsoft\\Cryptography!x': '3 bytes',
      },
    }));
  test('no file: no local policy', () => assert.deepEqual(look({}), { registryPol: false, values: {} }));
  test('a file without an entry', () =>
    assert.deepEqual(look(file(pol([]))), { registryPol: true, values: {} }));
  test('a file that cannot be read, or is another one', () => {
    assert.equal(look({ unreadable: [PATH] }), `${PATH} is damaged`);
    assert.equal(
      look(file(new Uint8Array(16))),
      'Registry Policy Message at byte 4: expected the signature PReg',
    );
    const version = pol([]);
    version[4] = 2;
    assert.equal(look(file(version)), 'Registry Policy Message at byte 8: expected version 1');
    assert.equal(
      look(file(pol(ENTRIES).subarray(0, 60))),
      'Registry Policy Message at byte 60: expected 2 more bytes, 0 are left',
    );
  });
});

test('what stands between the parts is checked', () => {
  const bytes = pol(ENTRIES.slice(0, 1));
  bytes[8] = 0x28; // ( for [
  assert.throws(() => readRegistryPol(bytes), DecodeError);
});

// An end between two entries is no truncation that could be seen: the sample has one entry, and its head is not a sample.
const [first] = ENTRIES;
if (first !== undefined) {
  const sample = pol([first]);
  const head = pol([]).length;
  checkManners(
    'Registry Policy Message',
    (bytes) => {
      const entries = readRegistryPol(bytes);
      // Nothing is an entry of a policy file that ends right behind its head.
      if (bytes.length === head)
        throw new DecodeError('test', head, { kind: 'truncated', needed: 2, remaining: 0 });
      return entries;
    },
    [sample],
  );
}
