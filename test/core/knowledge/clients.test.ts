import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signatureName } from '../../../src/core/knowledge/client-signatures.ts';
import { CLIENTS, findClient, SUPPORTED_CLIENTS } from '../../../src/core/knowledge/clients.ts';
import { commonOffer } from '../../../src/core/knowledge/common-offer.ts';
import { TLS_VERSIONS } from '../../../src/core/model/facts.ts';

describe('clients', () => {
  it('every row is whole', () => {
    assert.equal(new Set(CLIENTS.map((client) => client.id)).size, CLIENTS.length);
    for (const client of CLIENTS) {
      assert.match(client.id, /^[a-z0-9.-]+$/);
      assert.ok(client.source.length > 30, client.id);
      assert.ok(client.tlsVersions.length > 0 && client.tlsSuites.length > 0, client.id);
      assert.deepEqual(
        client.tlsVersions,
        TLS_VERSIONS.filter((version) => client.tlsVersions.includes(version)),
        `${client.id}: versions in order`,
      );
      assert.equal(new Set(client.tlsSuites).size, client.tlsSuites.length, `${client.id}: a suite twice`);
      assert.equal(new Set(client.tlsGroups).size, client.tlsGroups.length, `${client.id}: a group twice`);
      // 0x02 is 128-bit, which every client since RDP 5 has.
      assert.ok(client.encryptionMethods & 0x02, client.id);
      assert.equal(client.encryptionMethods & ~0x1b, 0, client.id);
      assert.equal(findClient(client.id), client);
    }
    assert.equal(findClient('windows-95'), undefined);
  });

  it('offers suites of its own versions only', () => {
    for (const client of CLIENTS) {
      const thirteen = client.tlsSuites.filter((suite) => suite >> 8 === 0x13);
      assert.equal(thirteen.length > 0, client.tlsVersions.includes('1.3'), `${client.id}: suites of 1.3`);
      if (!client.tlsVersions.includes('1.2')) {
        // GCM and SHA-2 exist from TLS 1.2 on.
        for (const suite of [0xc02f, 0xc030, 0xc027, 0x9c, 0x9d, 0x3c, 0x3d]) {
          assert.ok(!client.tlsSuites.includes(suite), `${client.id}: 0x${suite.toString(16)}`);
        }
      }
      // Whoever offers elliptic suites must offer a curve for them.
      if (client.tlsSuites.some((suite) => suite >> 8 === 0xc0)) {
        assert.ok(client.tlsGroups.includes(23), client.id);
      }
    }
  });

  const cases: readonly (readonly [string, string, boolean, boolean, boolean])[] = [
    // id, newest version, supported, NLA, hardened
    ['windows-xp', '1.0', false, false, false],
    ['windows-7', '1.0', false, true, false],
    ['windows-7-rdc8', '1.2', false, true, true],
    ['windows-8.1', '1.2', false, true, true],
    ['windows-10', '1.2', true, true, true],
    ['windows-11', '1.2', true, true, true],
    ['windows-server-2016', '1.2', true, true, true],
    ['windows-server-2019', '1.2', true, true, true],
    ['windows-server-2022', '1.2', true, true, true],
    ['windows-server-2025', '1.2', true, true, true],
    ['macos', '1.2', true, true, false],
    ['freerdp-3', '1.3', true, true, false],
    ['rdesktop', '1.3', false, false, false],
  ];
  for (const [id, newest, supported, nla, hardened] of cases) {
    it(id, () => {
      const client = findClient(id);
      assert.ok(client);
      assert.equal(client.tlsVersions.at(-1), newest);
      assert.equal(client.supported, supported);
      assert.equal(client.nla, nla);
      assert.equal(client.credsspHardened, hardened);
    });
  }

  it('lists every client that the cases above check', () => {
    assert.deepEqual(
      CLIENTS.map((client) => client.id),
      cases.map(([id]) => id),
    );
  });

  it('has the order of the published lists', () => {
    const first = (id: string) => findClient(id)?.tlsSuites.slice(0, 4);
    assert.deepEqual(first('windows-10'), [0xc02c, 0xc02b, 0xc030, 0xc02f]);
    assert.deepEqual(first('windows-8.1'), [0xc028, 0xc027, 0xc014, 0xc013]);
    assert.deepEqual(first('windows-7'), [0xc014, 0xc013, 0x39, 0x33]);
    // Windows XP has no AES, so a server that allows AES only leaves it out.
    assert.ok(!findClient('windows-xp')?.tlsSuites.includes(0x2f));
    assert.ok(findClient('windows-server-2016')?.tlsSuites.includes(0x0a));
  });

  it('does not take for sure what nobody documented or captured', () => {
    for (const client of CLIENTS) {
      // A version is offered, not offered, or not settled: never two of these.
      assert.deepEqual(
        client.tlsVersions.filter((version) => client.unsettledVersions.includes(version)),
        [],
      );
      assert.deepEqual(
        client.tlsSuites.filter((suite) => client.unsettledSuites.includes(suite)),
        [],
      );
      assert.equal(client.sure.versions === 'practice', !client.id.startsWith('windows-'), client.id);
      assert.equal(client.tlsSignatures.length > 0, client.tlsVersions.includes('1.2'), client.id);
      for (const id of client.tlsSignatures) assert.doesNotMatch(signatureName(id), /^0x/, client.id);
    }
    for (const id of ['windows-11', 'windows-server-2022', 'windows-server-2025']) {
      assert.deepEqual(findClient(id)?.unsettledVersions, ['1.3'], id);
    }
    for (const id of ['windows-10', 'windows-server-2016', 'windows-server-2019']) {
      assert.deepEqual(findClient(id)?.unsettledVersions, [], id);
    }
  });

  // Schannel, Microsoft's lists of curves, and the hellos that were captured.
  it('offers no ChaCha20, P-521 or Ed25519 as Windows, and no SHA-1 signature as OpenSSL 3', () => {
    for (const client of CLIENTS.filter(({ id }) => id.startsWith('windows-'))) {
      for (const chacha of [0xcca8, 0xcca9, 0xccaa]) assert.ok(!client.tlsSuites.includes(chacha), client.id);
      assert.ok(!client.tlsGroups.includes(25), client.id);
      assert.ok(!client.tlsSignatures.includes(0x0807), client.id);
      assert.equal(client.tlsSignatures.includes(0x0201), client.tlsVersions.includes('1.2'), client.id);
    }
    const freerdp = findClient('freerdp-3');
    assert.ok(freerdp?.tlsSignatures.includes(0x0807));
    assert.ok(!freerdp?.tlsSignatures.some((id) => id >> 8 === 0x02));
  });

  it('has something that every supported client offers', () => {
    const offer = commonOffer(SUPPORTED_CLIENTS);
    assert.ok(offer.suites.includes(0xc030) && offer.suites.includes(0x002f));
    assert.deepEqual([...offer.groups], [23, 24]);
    assert.ok(offer.signatures.includes(0x0401) && offer.signatures.includes(0x0403));
    assert.ok(!offer.suites.includes(0xcca8) && !offer.signatures.includes(0x0201));
    assert.deepEqual(commonOffer([]), { suites: [], groups: [], signatures: [] });
  });

  it('says so where it does not know', () => {
    assert.match(findClient('windows-11')?.source ?? '', /TLS 1\.3 is not settled/);
    assert.match(findClient('macos')?.source ?? '', /not verified/);
    assert.match(findClient('windows-10')?.source ?? '', /October 2025/);
  });
});
