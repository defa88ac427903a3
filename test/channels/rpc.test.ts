// The contract, of RPC over SMB: the same registries on Samba's remote registry, read by the channel of
// `diagnose --rpc`. What Samba lacks or makes up is named; the fake machine of test/core/dialect/rpc has it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { machineInquiries } from '../../src/core/windows/machine.ts';
import { temporaryFolder } from '../peers/processes.ts';
import { isInstalled, requirePeer } from '../peers/require-peer.ts';
import { askByRpc, evidenceOf, withVersion } from '../peers/rpc-channel.ts';
import { type Smbd, startSmbd } from '../peers/smbd.ts';
import { CONTENTS, type RegistryContent } from './contents.ts';
import { assertContract } from './contract.ts';
import { registryFile } from './registry-file.ts';

const PROGRAMS = ['smbd', 'smbpasswd', 'net'] as const;

/** Beside CurrentVersion, for which the content stands in: see `withVersion`. */
const LIES = {
  'service.Netlogon': 'Samba has this service built in, and writes its key anew when it starts',
  'service.Netlogon.dependencies': 'the same key',
  'dns.servers': 'below Tcpip\\Parameters Samba shows Hostname and Domain alone, whatever was written',
};

suite('the contract: RPC over SMB, on Samba', () => {
  const ends: (() => void | Promise<void>)[] = [];
  const scope = { after: (end: () => void | Promise<void>) => void ends.push(end) };
  let smbd: Smbd | undefined;
  let folder = '';
  before(async () => {
    if (!PROGRAMS.every(isInstalled)) return;
    folder = temporaryFolder(scope, 'rpc-contract');
    smbd = await startSmbd(scope);
  });
  after(async () => {
    for (const end of ends) await end();
  });
  const serverOf = (t: TestContext): Smbd | undefined => (requirePeer(t, ...PROGRAMS) ? smbd : undefined);

  let filled: RegistryContent = {};
  /** Puts a content in place of the one before it. */
  function fill(server: Smbd, content: RegistryContent): void {
    const file = join(folder, 'content.reg');
    const [head = '', ...lines] = registryFile(content).split('\n');
    writeFileSync(file, [head, '', ...stale(filled, content), ...lines].join('\n'));
    filled = content;
    const { status, stdout, stderr } = spawnSync(
      'net',
      ['registry', 'import', file, '--configfile', server.configuration],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, `net registry import: ${stdout}${stderr}`);
  }

  for (const [name, content] of Object.entries(CONTENTS)) {
    test(name, async (t) => {
      const server = serverOf(t);
      if (!server) return;
      fill(server, content);
      const seen = await askByRpc(server.port, {
        inquiries: (context) => machineInquiries(context).map((inquiry) => withVersion(inquiry, content)),
      });
      assertContract(evidenceOf(seen), content, 'rpc', { lies: LIES });
    });
  }
});

/**
 * Lines that take away what one content has and the next has not. Whole keys are not cleared: Samba has some of
 * its own below them, and does not let them go.
 */
function stale(old: RegistryContent, next: RegistryContent): readonly string[] {
  return Object.entries(old).flatMap(([place, values]) => {
    const path = `HKEY_LOCAL_MACHINE\\${place}`;
    const isNeeded = Object.keys(next).some((other) => `${other}\\`.startsWith(`${place}\\`));
    if (!isNeeded) return [`[-${path}]`, ''];
    const gone = Object.keys(values).filter((name) => !(name in (next[place] ?? {})));
    return [`[${path}]`, ...gone.map((name) => (name === '' ? '@=-' : `"${name}"=-`)), ''];
  });
}
