// The certificate that the listener would show: which one, whether the store has it, who may read its key.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHex } from '../../../src/core/bytes/hex.ts';
import type { ListenerCertificate } from '../../../src/core/model/windows-facts.ts';
import { inquireListenerCertificate } from '../../../src/core/windows/listener-certificate.ts';
import { descriptor } from '../bytes/build-security-descriptor.ts';
import {
  ADMINISTRATORS,
  blob,
  CLASSIC,
  DER,
  FULL,
  GUID,
  KEY_FILE,
  keyProvider,
  NETWORK_SERVICE,
  property,
  READ,
  SHA1,
  STORED,
  SYSTEM,
  THUMBPRINT,
} from './build-certificate.ts';
import { ask, CONTEXT, type Data, type FakeMachine, type Key } from './fake-machine.ts';

const WINSTATIONS = 'SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations';
const RDP = `${WINSTATIONS}\\RDP-Tcp`;
const STORES = 'SOFTWARE\\Microsoft\\SystemCertificates';
function machine(options: {
  readonly listener?: Key;
  readonly own?: Data;
  readonly stores?: Readonly<Record<string, Data>>;
  readonly guid?: Data;
  readonly files?: FakeMachine['files'];
  readonly unreadable?: readonly string[];
}): FakeMachine {
  return {
    registry: {
      [WINSTATIONS]: options.own === undefined ? {} : { SelfSignedCertificate: options.own },
      [RDP]: options.listener ?? {},
      'SOFTWARE\\Microsoft\\Cryptography': { MachineGuid: options.guid ?? GUID },
      ...Object.fromEntries(
        Object.entries(options.stores ?? {}).map(([store, data]) => [
          `${STORES}\\${store}\\Certificates\\${SHA1.toUpperCase()}`,
          { Blob: data },
        ]),
      ),
    },
    files: options.files ?? {},
    unreadable: options.unreadable ?? [],
  };
}

function look(fake: FakeMachine, rounds = 3): ListenerCertificate {
  const asked = ask(fake, inquireListenerCertificate(CONTEXT));
  const observed = asked.value['listener.certificate'];
  assert.ok(observed?.state === 'present', `it is ${JSON.stringify(observed)}`);
  assert.equal(asked.rounds, rounds);
  return observed.value;
}

function notThere(fake: FakeMachine): unknown {
  const observed = ask(fake, inquireListenerCertificate(CONTEXT)).value['listener.certificate'];
  return observed?.state === 'present' ? observed.value : [observed?.state, observed?.detail];
}

const withKey = (entries: Parameters<typeof descriptor>[0]): FakeMachine =>
  machine({
    own: THUMBPRINT,
    stores: { 'Remote Desktop': STORED },
    files: { [KEY_FILE]: { security: descriptor(entries) } },
  });

test('the self-signed one, as Windows makes it', () => {
  const found = look(
    withKey([
      { kind: 'allow', sid: SYSTEM, mask: FULL },
      { kind: 'allow', sid: ADMINISTRATORS, mask: FULL },
      { kind: 'allow', sid: NETWORK_SERVICE, mask: READ },
    ]),
  );
  assert.deepEqual(found, {
    chosen: 'self-signed',
    sha1: SHA1,
    store: 'Remote Desktop',
    certificate: {
      subject: 'CN=vm1.corp.example',
      issuer: 'CN=vm1.corp.example',
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2026-07-01T00:00:00.000Z',
      sha1: SHA1,
      selfSigned: true,
      keyBits: 2048,
      keyAlgorithm: 'RSA',
      signatureAlgorithm: 'sha256WithRSAEncryption',
      extendedKeyUsage: ['serverAuth'],
    },
    keyFile: KEY_FILE,
    key: 'readable',
    keyDetail: 'NETWORK SERVICE may read its file',
  });
});

describe('which one', () => {
  const other = Uint8Array.from({ length: 20 }, (_, at) => at + 1);
  const stores = { MY: STORED, 'Remote Desktop': STORED };
  test('a bound one over the self-signed one, from the store MY', () => {
    const { chosen, sha1, store } = look(
      machine({ listener: { SSLCertificateSHA1Hash: THUMBPRINT }, own: other, stores }),
    );
    assert.deepEqual([chosen, sha1, store], ['bound', SHA1, 'MY']);
  });
  test('a bound one that lies in the store Remote Desktop', () => {
    const { chosen, store } = look(
      machine({
        listener: { SSLCertificateSHA1Hash: THUMBPRINT },
        stores: { 'Remote Desktop': STORED },
      }),
    );
    assert.deepEqual([chosen, store], ['bound', 'Remote Desktop']);
  });
  for (const [title, binding] of [
    ['zeros', new Uint8Array(20)],
    ['nothing', new Uint8Array(0)],
    ['another length', new Uint8Array(19).fill(1)],
  ] as const) {
    test(`a binding to ${title} is none`, () => {
      const { chosen } = look(
        machine({ listener: { SSLCertificateSHA1Hash: binding }, own: THUMBPRINT, stores }),
      );
      assert.equal(chosen, 'self-signed');
    });
  }
  test('a binding with a zero among its bytes is one', () => {
    const binding = Uint8Array.from(other, (byte, index) => (index === 7 ? 0 : byte));
    const { chosen } = look(machine({ listener: { SSLCertificateSHA1Hash: binding }, own: THUMBPRINT }), 2);
    assert.equal(chosen, 'bound');
  });
  test('where it is named', () => {
    const place = (fake: FakeMachine) => {
      const observed = ask(fake, inquireListenerCertificate(CONTEXT)).value['listener.certificate'];
      return observed?.state === 'present' && observed.from.locator;
    };
    const bound = { SSLCertificateSHA1Hash: THUMBPRINT };
    assert.equal(place(machine({ listener: bound, own: other, stores })), `${RDP}!SSLCertificateSHA1Hash`);
    assert.equal(place(machine({ own: THUMBPRINT, stores })), `${WINSTATIONS}!SelfSignedCertificate`);
    assert.equal(
      place(machine({ listener: { SelfSignedCertificate: THUMBPRINT }, own: other, stores })),
      `${RDP}!SelfSignedCertificate`,
    );
  });
  test('the listener names its own in its own key', () =>
    assert.equal(
      look(machine({ listener: { SelfSignedCertificate: THUMBPRINT }, own: other, stores })).sha1,
      SHA1,
    ));
  test('none', () =>
    assert.deepEqual(notThere(machine({})), ['absent', 'the listener names no certificate']));
  test('what cannot be read', () => {
    assert.deepEqual(notThere(machine({ own: THUMBPRINT, unreadable: [`${RDP}!SSLCertificateSHA1Hash`] })), [
      'unknown',
      `${RDP}!SSLCertificateSHA1Hash is damaged`,
    ]);
    assert.deepEqual(notThere(machine({ own: Uint8Array.of(1, 2) })), [
      'unknown',
      `${WINSTATIONS}!SelfSignedCertificate is not a thumbprint`,
    ]);
    assert.deepEqual(notThere(machine({ own: SHA1 })), [
      'unknown',
      `${WINSTATIONS}!SelfSignedCertificate is not binary`,
    ]);
    const place = `${STORES}\\Remote Desktop\\Certificates\\${SHA1.toUpperCase()}!Blob`;
    assert.deepEqual(notThere(machine({ own: THUMBPRINT, unreadable: [place] })), [
      'unknown',
      `${place} is damaged`,
    ]);
  });
});

describe('the store', () => {
  test('does not have it', () => {
    assert.deepEqual(look(machine({ own: THUMBPRINT }), 2), {
      chosen: 'self-signed',
      sha1: SHA1,
      store: 'Remote Desktop',
      key: 'unknown',
      keyDetail: 'the certificate is not in the store',
    });
  });
  const damaged: readonly (readonly [title: string, stored: Uint8Array, rounds: number, key: string])[] = [
    ['an empty blob', new Uint8Array(0), 2, 'unknown'],
    ['a property longer than the blob', STORED.subarray(0, 40), 2, 'unknown'],
    ['no certificate in it', blob(property(2, keyProvider('TSSecKeySet1', CLASSIC))), 3, 'missing'],
    [
      'a certificate that is none',
      blob(property(2, keyProvider('TSSecKeySet1', CLASSIC)), property(32, new Uint8Array(9))),
      3,
      'missing',
    ],
    [
      'names beyond the end',
      blob(property(2, new Uint8Array(8).fill(0xff)), property(32, DER)),
      2,
      'unknown',
    ],
  ];
  for (const [title, stored, rounds, key] of damaged) {
    test(title, () => {
      const seen = look(machine({ own: THUMBPRINT, stores: { 'Remote Desktop': stored } }), rounds);
      assert.equal(seen.key, key);
      // It is there: whoever could not read it does not say that it is gone.
      assert.equal(seen.unread, seen.certificate === undefined ? true : undefined);
    });
  }
});

describe('the key', () => {
  const rows: readonly (readonly [
    title: string,
    entries: Parameters<typeof descriptor>[0],
    key: ListenerCertificate['key'],
  ])[] = [
    ['nobody but SYSTEM', [{ kind: 'allow', sid: SYSTEM, mask: FULL }], 'denied'],
    ['an empty list', [], 'denied'],
    ['no list: everybody', undefined, 'readable'],
    ['generic rights', [{ kind: 'allow', sid: NETWORK_SERVICE, mask: 0x8000_0000 }], 'readable'],
    ['only its attributes', [{ kind: 'allow', sid: NETWORK_SERVICE, mask: 0x80 }], 'denied'],
    ['Everyone', [{ kind: 'allow', sid: 'S-1-1-0', mask: 0x12019f }], 'readable'],
    [
      'the service itself',
      [
        {
          kind: 'allow',
          sid: 'S-1-5-80-446051430-1559341753-4161941529-1950928533-810483104',
          mask: READ,
        },
      ],
      'readable',
    ],
    [
      'denied first',
      [
        { kind: 'deny', sid: NETWORK_SERVICE, mask: READ },
        { kind: 'allow', sid: 'S-1-1-0', mask: FULL },
      ],
      'denied',
    ],
    [
      'allowed first',
      [
        { kind: 'allow', sid: NETWORK_SERVICE, mask: READ },
        { kind: 'deny', sid: 'S-1-1-0', mask: FULL },
      ],
      'readable',
    ],
    [
      'an entry that is only for what lies below',
      [{ kind: 'allow', sid: NETWORK_SERVICE, mask: FULL, flags: 0x0b }],
      'denied',
    ],
  ];
  for (const [title, entries, key] of rows) test(title, () => assert.equal(look(withKey(entries)).key, key));

  const stored = (container: string, provider: string) =>
    blob(property(2, keyProvider(container, provider)), property(32, DER));
  test('its file does not exist', () => {
    const found = look(machine({ own: THUMBPRINT, stores: { 'Remote Desktop': STORED } }));
    assert.deepEqual([found.keyFile, found.key], [KEY_FILE, 'missing']);
  });
  test('a name in capitals is the same container', () => {
    const found = look(
      machine({ own: THUMBPRINT, stores: { 'Remote Desktop': stored('TSSECKEYSET1', CLASSIC) } }),
    );
    assert.equal(found.keyFile, KEY_FILE);
  });
  test('a CNG key has another file, whose name is not public', () => {
    const found = look(
      machine({
        own: THUMBPRINT,
        stores: { 'Remote Desktop': stored('TSSecKeySet1', 'Microsoft Software Key Storage Provider') },
      }),
      2,
    );
    assert.deepEqual([found.keyFile, found.key], [undefined, 'unknown']);
  });
  test('a machine without a GUID', () => {
    const found = look(machine({ own: THUMBPRINT, stores: { 'Remote Desktop': STORED }, guid: 5 }), 2);
    assert.deepEqual([found.keyFile, found.key], [undefined, 'unknown']);
  });
  test('its file cannot be read, or says nothing of who may', () => {
    const stores = { 'Remote Desktop': STORED };
    assert.equal(look(machine({ own: THUMBPRINT, stores, unreadable: [KEY_FILE] })).key, 'unknown');
    assert.equal(look(machine({ own: THUMBPRINT, stores, files: { [KEY_FILE]: {} } })).key, 'unknown');
    const security = descriptor([{ kind: 'allow', sid: NETWORK_SERVICE, mask: READ }]).subarray(0, 30);
    assert.equal(
      look(machine({ own: THUMBPRINT, stores, files: { [KEY_FILE]: { security } } })).key,
      'unknown',
    );
  });
});

test('the name of the file is MD5 over the name of the container', () => {
  // The test's own constant, from Microsoft's pages: if this fails the rest above fails with it.
  assert.equal(toHex(THUMBPRINT), SHA1);
  assert.match(KEY_FILE, /f686aace6942fb7f7ceb231212eef4a4/);
});
