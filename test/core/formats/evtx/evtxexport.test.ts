// A second opinion on every log that libevtx reads whole: its XML, brought into one form with ours.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventToXml, openLog, readAllEvents } from '../../../../src/core/formats/evtx/index.ts';
import { bottom } from '../../../../src/core/formats/walker.ts';
import { temporaryFolder } from '../../../peers/processes.ts';
import { requirePeer } from '../../../peers/require-peer.ts';
import { readSharedData, requireSharedData } from '../../../shared-data.ts';
import { drive } from '../drive.ts';

const LOGS = [
  'plaso_win7_System',
  'velo_RDPAuth_System',
  'velo_RDPAuth_RemoteConnectionManager',
  'server2022_TS-LocalSessionManager_Operational',
  'szechuan_RdpCoreTS_Operational',
  'obe_irregular_bool_GroupPolicy',
  'obe_Application_no_crc32',
  'win11_System',
  'mde_BitLocker',
  'sbo_4625',
  'sbo_NETLOGON_5805',
] as const;

for (const name of LOGS) {
  test(`${name} as evtxexport reads it`, (t) => {
    if (!requireSharedData(t) || !requirePeer(t, 'evtxexport')) return;
    const bytes = readSharedData(`evtx/${name}.evtx`);
    const path = join(temporaryFolder(t, 'evtx'), 'log.evtx');
    writeFileSync(path, bytes);
    const exported = execFileSync('evtxexport', ['-f', 'xml', path], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const theirs = new Map<string, string>();
    for (const [event] of exported.matchAll(/<Event xmlns[\s\S]*?\n<\/Event>/g)) {
      theirs.set(/<EventRecordID>(\d+)</.exec(event)?.[1] ?? '', canonical(mendNumbers(event)));
    }
    const walk = function* () {
      return yield* readAllEvents(yield* openLog(bottom(bytes.length)), (event, record) => {
        const rendered = eventToXml(record);
        assert.ok(rendered.ok);
        assert.equal(
          canonical(rendered.value),
          theirs.get(String(event.recordId)),
          `record ${event.recordId}`,
        );
        theirs.delete(String(event.recordId));
      });
    };
    assert.ok(drive(walk(), bytes).value.events > 0);
    assert.equal(theirs.size, 0);
  });
}

/**
 * Differences that mean nothing: white space, quotes, the case of digits, order of attributes, empty tags, zeros at the end of a time and
 * at the beginning of a hexadecimal number (Event Viewer writes none).
 */
function canonical(xml: string): string {
  return xml
    .replace(/>\s+</g, '><')
    .replace(/<([\w:.-]+)((?: [\w:.-]+=(?:"[^"]*"|'[^']*'))*)(\/?)>/g, (_, name, attributes, slash) => {
      const sorted = [...String(attributes).matchAll(/ ([\w:.-]+)=(?:"([^"]*)"|'([^']*)')/g)].map(
        ([, key, double, single]) => ` ${key}='${double ?? single}'`,
      );
      return `<${name}${sorted.toSorted().join('')}${slash}>`;
    })
    .replace(/<([\w:.-]+)((?: [^<>]*)?)><\/\1>/g, '<$1$2/>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/0x0+(?=[\da-f])/g, '0x')
    .replace(/(T\d\d:\d\d:\d\d\.\d{7})\d*Z/g, '$1Z')
    .replace(/\{[\dA-Fa-f-]{36}\}/g, (guid) => guid.toLowerCase());
}

/** libevtx 20181227 writes -1 as -2147483647; Event Viewer writes -1 (in the same event of tsevtx_System). */
function mendNumbers(xml: string): string {
  return xml.replace(/>-(2147\d{6})</g, (_, digits) => `>-${2 ** 31 - Number(digits)}<`);
}
