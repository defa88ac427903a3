// What Schannel offers as a server: the registry's two values for each version on each Windows.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TLS_VERSIONS, type TlsVersion } from '../../../src/core/model/facts.ts';
import type { OsVersion } from '../../../src/core/model/windows-facts.ts';
import { inquireSchannel } from '../../../src/core/windows/schannel.ts';
import { ask, CONTEXT, type Data, type FakeMachine } from './fake-machine.ts';

const PROTOCOLS = 'SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols';
const POLICY = 'SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
const LOCAL = 'SYSTEM\\CurrentControlSet\\Control\\Cryptography\\Configuration\\Local\\SSL\\00010002';

function os(build: number): OsVersion {
  return { productName: `build ${build}`, build, installationType: 'Server' };
}

function server(version: TlsVersion, values: Readonly<Record<string, Data>>): FakeMachine {
  return { registry: { [`${PROTOCOLS}\\TLS ${version}\\Server`]: values } };
}

function look(machine: FakeMachine, build: number | undefined) {
  const { value, rounds } = ask(
    machine,
    inquireSchannel(CONTEXT, build === undefined ? undefined : os(build)),
  );
  assert.equal(rounds, 1);
  return value;
}

/** The versions that are on, as `1.0 1.2`; or why it is not known. */
function offered(machine: FakeMachine, build: number | undefined): string {
  const observed = look(machine, build)['schannel.server'];
  if (observed?.state !== 'present') return observed?.state === 'unknown' ? (observed.detail ?? '') : 'none';
  return TLS_VERSIONS.filter((version) => observed.value[version].effective).join(' ');
}

describe('where nothing is set', () => {
  const rows: readonly (readonly [build: number, on: string])[] = [
    [6001, '1.0'],
    [6003, '1.0'],
    [7600, '1.0'],
    [7601, '1.0'],
    [9200, '1.0 1.1 1.2'],
    [9600, '1.0 1.1 1.2'],
    [10240, '1.0 1.1 1.2'],
    [14393, '1.0 1.1 1.2'],
    [17763, '1.0 1.1 1.2'],
    [19045, '1.0 1.1 1.2'],
    [20348, '1.0 1.1 1.2 1.3'],
    [22631, '1.0 1.1 1.2 1.3'],
    [26100, '1.0 1.1 1.2 1.3'],
  ];
  for (const [build, on] of rows) test(`build ${build}`, () => assert.equal(offered({}, build), on));

  test('a Windows before the table, or none that is known', () => {
    const unknown = 'TLS 1.0 is not set, and the default of this Windows version is not known';
    assert.equal(offered({}, 3790), unknown);
    assert.equal(offered({}, undefined), unknown);
  });
});

describe('one version', () => {
  const ALL_ONES = 0xffff_ffff;
  /** E: Enabled, D: DisabledByDefault. */
  const rows: readonly (readonly [
    build: number,
    version: TlsVersion,
    set: { readonly E?: number; readonly D?: number },
    on: boolean,
  ])[] = [
    [17763, '1.2', { E: 0 }, false],
    [17763, '1.2', { E: 1 }, true],
    [17763, '1.2', { E: ALL_ONES }, true],
    [17763, '1.2', { E: 1, D: 0 }, true],
    [17763, '1.2', { E: ALL_ONES, D: 1 }, false],
    [17763, '1.2', { D: 1 }, false],
    [17763, '1.2', { D: 0 }, true],
    [17763, '1.2', { E: 0, D: 0 }, false],
    [17763, '1.0', { E: 0, D: 1 }, false],
    [26100, '1.3', { E: 0 }, false],
    [20348, '1.3', { E: 1, D: 0 }, true],
    // Keys of a version that this Windows does not have.
    [17763, '1.3', { E: 1, D: 0 }, false],
    [14393, '1.3', { E: ALL_ONES, D: 0 }, false],
    [6001, '1.2', { E: 1, D: 0 }, false],
    // Server 2008 SP2 and 2008 R2 need both.
    [6003, '1.2', { E: 1, D: 0 }, true],
    [7601, '1.2', { E: 1, D: 0 }, true],
    [7601, '1.1', { E: ALL_ONES, D: 0 }, true],
    [7601, '1.2', { E: 1 }, false],
    [7601, '1.2', { D: 0 }, false],
    [7601, '1.0', { D: 0 }, true],
    [7601, '1.0', { E: 1 }, true],
    [7601, '1.0', { E: 0 }, false],
    // From Windows 8 on one is enough.
    [9200, '1.1', { E: 1 }, true],
  ];
  for (const [build, version, { E, D }, on] of rows) {
    const values = {
      ...(E === undefined ? {} : { Enabled: E }),
      ...(D === undefined ? {} : { DisabledByDefault: D }),
    };
    test(`build ${build}, TLS ${version}, ${JSON.stringify(values)}`, () => {
      const observed = look(server(version, values), build)['schannel.server'];
      assert.ok(observed?.state === 'present', 'it is known');
      const row = observed.value[version];
      assert.equal(row.effective, on);
      assert.equal(row.enabled, E);
      assert.equal(row.disabledByDefault, D);
      assert.equal(row.where, `${PROTOCOLS}\\TLS ${version}\\Server`);
    });
  }

  test('who set it', () => {
    const seen = (machine: FakeMachine, build: number, version: TlsVersion) => {
      const observed = look(machine, build)['schannel.server'];
      assert.ok(observed?.state === 'present', 'it is known');
      const { where: _, ...rest } = observed.value[version];
      return rest;
    };
    assert.deepEqual(seen(server('1.2', { Enabled: 0 }), 20348, '1.2'), {
      effective: false,
      setBy: 'machine',
      machine: false,
      default: true,
      enabled: 0,
    });
    assert.deepEqual(seen({}, 20348, '1.2'), { effective: true, setBy: 'default', default: true });
    // The machine's own setting does not decide there: the version is not in this Windows.
    assert.deepEqual(seen(server('1.3', { Enabled: 1 }), 17763, '1.3'), {
      effective: false,
      setBy: 'default',
      default: false,
      enabled: 1,
    });
  });

  test('a Windows that is not known: only what holds on every one is said', () => {
    const all = (values: Readonly<Record<string, Data>>): FakeMachine => ({
      registry: Object.fromEntries(
        TLS_VERSIONS.map((version) => [`${PROTOCOLS}\\TLS ${version}\\Server`, values]),
      ),
    });
    const depends = (version: string) =>
      `what the settings mean for TLS ${version} depends on the version of Windows, which is not known`;
    assert.equal(offered(all({ Enabled: 0 }), undefined), '');
    assert.equal(offered(all({ DisabledByDefault: 1 }), undefined), '');
    assert.equal(offered(all({ Enabled: 1 }), undefined), depends('1.0'));
    assert.equal(offered(all({ Enabled: 1, DisabledByDefault: 0 }), undefined), depends('1.3'));
  });

  test('a client key says nothing about the server', () => {
    const machine = { registry: { [`${PROTOCOLS}\\TLS 1.2\\Client`]: { Enabled: 0 } } };
    assert.equal(offered(machine, 17763), '1.0 1.1 1.2');
  });
});

describe('what cannot be read', () => {
  const place = `${PROTOCOLS}\\TLS 1.1\\Server`;
  test('a damaged value', () => {
    assert.equal(offered({ unreadable: [`${place}!Enabled`] }, 17763), `${place}!Enabled is damaged`);
    assert.equal(
      offered({ unreadable: [`${place}!DisabledByDefault`] }, 17763),
      `${place}!DisabledByDefault is damaged`,
    );
  });
  test('a value of another type', () => {
    assert.equal(offered(server('1.1', { Enabled: '0' }), 17763), `${place}!Enabled is not a number`);
  });
});

describe('cipher suites', () => {
  const suites = (machine: FakeMachine): unknown => {
    const observed = look(machine, 20348)['schannel.suites'];
    if (observed?.state !== 'present') return observed;
    const { where: _, ...rest } = observed.value;
    return rest;
  };
  test('nobody set any', () =>
    assert.deepEqual(suites({}), { effective: [], setBy: 'default', default: [] }));
  test('a policy is one text with commas', () =>
    assert.deepEqual(
      suites({ registry: { [POLICY]: { Functions: 'A,B, C' }, [LOCAL]: { Functions: ['D'] } } }),
      {
        effective: ['A', 'B', 'C'],
        setBy: 'policy',
        policy: ['A', 'B', 'C'],
        machine: ['D'],
        default: [],
      },
    ));
  test('the machine has a list', () =>
    assert.deepEqual(suites({ registry: { [LOCAL]: { Functions: ['A', 'B'] } } }), {
      effective: ['A', 'B'],
      setBy: 'machine',
      machine: ['A', 'B'],
      default: [],
    }));
  test('a number is no list', () =>
    assert.deepEqual(suites({ registry: { [POLICY]: { Functions: 1 } } }), {
      state: 'unknown',
      why: 'corrupt',
      detail: `${POLICY}!Functions is not a list of strings`,
    }));
});

describe('what is switched off below SCHANNEL, and the curves', () => {
  const SCHANNEL = 'SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL';
  const off = (registry: FakeMachine['registry'], unreadable: readonly string[] = []) => {
    const observed = look({ ...(registry === undefined ? {} : { registry }), unreadable }, 17763)[
      'schannel.algorithms'
    ];
    return observed?.state === 'present'
      ? observed.value.map(({ folder, name, where }) => `${folder}\\${name} ${where.endsWith('!Enabled')}`)
      : observed;
  };

  test('nothing is set: nothing is off', () => assert.deepEqual(off({}), []));
  test('Enabled 0 switches off, everything else leaves it on', () => {
    assert.deepEqual(
      off({
        [`${SCHANNEL}\\Ciphers\\AES 128/128`]: { Enabled: 0 },
        [`${SCHANNEL}\\Ciphers\\RC4 128/128`]: { Enabled: 0xffff_ffff },
        [`${SCHANNEL}\\Hashes\\SHA`]: { Enabled: 0 },
        [`${SCHANNEL}\\Hashes\\SHA256`]: { Enabled: 1 },
        [`${SCHANNEL}\\KeyExchangeAlgorithms\\PKCS`]: { Enabled: 0 },
        [`${SCHANNEL}\\KeyExchangeAlgorithms\\Diffie-Hellman`]: { ServerMinKeyBitLength: 2048 },
      }),
      ['Ciphers\\AES 128/128 true', 'Hashes\\SHA true', 'KeyExchangeAlgorithms\\PKCS true'],
    );
  });
  test('one that cannot be read makes the whole unknown', () => {
    const place = `${SCHANNEL}\\Hashes\\SHA!Enabled`;
    assert.deepEqual(off({}, [place]), {
      state: 'unknown',
      why: 'corrupt',
      detail: `${place} is damaged`,
    });
  });
  test('nobody set curves', () => {
    const observed = look({}, 17763)['schannel.curves'];
    assert.ok(observed?.state === 'present');
    assert.deepEqual(observed.value.effective, []);
    assert.equal(observed.value.setBy, 'default');
  });
  test("the policy's curves stand over the machine's", () => {
    const observed = look(
      {
        registry: {
          [POLICY]: { EccCurves: ['NistP384'] },
          [LOCAL]: { EccCurves: ['curve25519', 'NistP256'] },
        },
      },
      17763,
    )['schannel.curves'];
    assert.ok(observed?.state === 'present');
    assert.deepEqual(observed.value.effective, ['NistP384']);
    assert.deepEqual(observed.value.machine, ['curve25519', 'NistP256']);
  });
});
