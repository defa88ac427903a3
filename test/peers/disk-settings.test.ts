// Settings written by libhivex into real hives, read by our own reader, and judged: facts and verdicts
// of each configuration. hivexget, which knows nothing of us, reads every value back first.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { diagnose } from '../../src/core/engine/diagnosis.ts';
import { CLIENTS } from '../../src/core/knowledge/clients.ts';
import { type Evidence, type FactName, TLS_VERSIONS } from '../../src/core/model/facts.ts';
import { readSharedData, requireSharedData } from '../shared-data.ts';
import { type Configuration, SERVER } from './disk-settings-base.ts';
import { CONFIGURATIONS } from './disk-settings-rows.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import { type Hives, lookAtHives, readWithHivexget, type Settings, writeHives } from './windows-hives.ts';

const LEAST = 80;

test('settings of real hives, as hivexregedit wrote them', async (t) => {
  if (!requirePeer(t, 'hivexregedit', 'hivexget') || !requireSharedData(t)) return;
  assert.ok(CONFIGURATIONS.length >= LEAST, `${CONFIGURATIONS.length} configurations`);
  const bases: Readonly<Record<Configuration['base'], { readonly hives: Hives; readonly set: Settings }>> = {
    server: {
      hives: {
        SYSTEM: readSharedData('hives/win10_clean/SYSTEM'),
        SOFTWARE: readSharedData('hives/hivex/minimal'),
        SECURITY: readSharedData('hives/win81_domain/SECURITY'),
      },
      set: SERVER,
    },
    client: {
      hives: {
        SYSTEM: readSharedData('hives/win7_domain/SYSTEM'),
        SOFTWARE: readSharedData('hives/win7_domain/SOFTWARE'),
      },
      set: {},
    },
  };
  for (const row of CONFIGURATIONS) {
    await t.test(row.title, (inner) => {
      const folder = temporaryFolder(inner, 'hives');
      const base = bases[row.base];
      const set = { ...base.set, ...row.set };
      const files = writeHives(folder, base.hives, set);
      for (const [place, setting] of Object.entries(set)) {
        const file =
          files[
            place.startsWith('SYSTEM') ? 'SYSTEM' : place.startsWith('SOFTWARE') ? 'SOFTWARE' : 'SECURITY'
          ];
        if (!place.includes('!') || file === undefined) continue;
        if (typeof setting !== 'number' && typeof setting !== 'string' && setting !== null) continue;
        // It prints DWORDs as signed numbers.
        const read = readWithHivexget(file, place);
        assert.equal(
          read,
          setting === null ? undefined : String(typeof setting === 'number' ? setting | 0 : setting),
          `hivexget reads ${place}`,
        );
      }
      check(row, lookAtHives(files));
      // Eleven megabytes for each of eighty: the folder goes at once.
      rmSync(folder, { recursive: true, force: true });
    });
  }
});

function check(row: Configuration, evidence: Evidence): void {
  for (const [fact, expected] of Object.entries(row.facts) as [FactName, unknown][])
    assert.deepEqual(brief(evidence, fact), expected, fact);
  if (row.tls !== undefined) {
    const server = evidence['schannel.server'];
    assert.ok(server?.state === 'present', 'schannel.server is known');
    const offered = TLS_VERSIONS.filter((version) => server.value[version].effective).join(' ');
    assert.equal(offered, row.tls, 'TLS versions');
  }
  const report = diagnose({
    target: row.title,
    at: '2026-03-01T12:00:00.000Z',
    evidence,
    context: { client: undefined, supportedClients: CLIENTS.filter(({ supported }) => supported) },
    warnings: [],
    taken: ['--disk'],
    available: ['HOST', '--disk'],
    suspected: [],
  });
  assert.deepEqual(report.warnings, [], 'no cause crashed');
  const verdicts = new Map(report.findings.map((finding) => [finding.cause, finding]));
  for (const [cause, expected] of Object.entries(row.verdicts ?? {})) {
    const finding = verdicts.get(cause);
    assert.equal(finding?.verdict, expected, `${cause}: ${finding?.explanation}`);
  }
}

/** A fact's value, a setting without its place; the state of one that is not present. */
function brief(evidence: Evidence, fact: FactName): unknown {
  const observed = evidence[fact];
  if (observed?.state !== 'present') return observed?.state;
  const { value } = observed;
  if (typeof value !== 'object' || value === null || !('setBy' in value)) return value;
  const { where: _, ...rest } = value;
  return rest;
}
