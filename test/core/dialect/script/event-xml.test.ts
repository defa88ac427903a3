import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { DecodeError, tryDecode } from '../../../../src/core/bytes/decode-error.ts';
import { readEventXml } from '../../../../src/core/dialect/script/event-xml.ts';
import { eventToXml, openLog, readAllEvents } from '../../../../src/core/formats/evtx/index.ts';
import { bottom } from '../../../../src/core/formats/walker.ts';
import type { EventRecord } from '../../../../src/core/windows/inquiry.ts';
import { readRealData, readSharedData } from '../../../shared-data.ts';
import { drive } from '../../formats/drive.ts';

const SYSTEM =
  '<System><Provider Name="Schannel" Guid="{1f678132-5938-4686-9fdc-c8ff68f15c85}"/><EventID Qualifiers="49152">36871</EventID><Version>0</Version><Level>2</Level><TimeCreated SystemTime="2026-03-01T11:59:00.1239567Z"/><EventRecordID>4711</EventRecordID><Channel>System</Channel><Computer>vm1.corp.example</Computer><Security UserID="S-1-5-18"/></System>';
const event = (rest: string): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>${SYSTEM}${rest}</Event>`;

describe('an event as XML', () => {
  test('says what its System element says', () => {
    assert.deepEqual(readEventXml(event("<EventData><Data Name='Type'>client</Data></EventData>"), 'X'), {
      channel: 'System',
      provider: 'Schannel',
      id: 36871,
      recordId: 4711,
      at: '2026-03-01T11:59:00.123Z',
      level: 2,
      computer: 'vm1.corp.example',
      fields: { Type: 'client' },
    });
  });

  const ROWS: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    [
      'fields without names are counted',
      '<EventData><Data>a</Data><Data/><Binary>0A0b</Binary></EventData>',
      { param1: 'a', param2: '', binary: '0A0b' },
    ],
    [
      'fields of UserData are named by their path',
      "<UserData><EventXML xmlns='Event_NS'><User>CORP\\alice</User><Deep><One a='1'>2</One></Deep></EventXML></UserData>",
      { User: 'CORP\\alice', 'Deep/One@a': '1', 'Deep/One': '2' },
    ],
    [
      'entities',
      '<EventData><Data Name="a&amp;b">&lt;&#228;&#xE4;&#x1F600;&gt;</Data></EventData>',
      { 'a&b': '<ää😀>' },
    ],
    ['no fields', '', {}],
    [
      'texts in the language of the machine are none',
      '<RenderingInfo Culture="de-DE"><Message>Es ist ein Fehler</Message></RenderingInfo>',
      {},
    ],
  ];
  for (const [what, rest, fields] of ROWS) {
    test(what, () => assert.deepEqual(readEventXml(event(rest), 'X').fields, fields));
  }

  for (const [what, xml] of [
    ['cut off', event('').slice(0, -5)],
    ['two events', event('') + event('')],
    ['no System', '<Event></Event>'],
    ['no time', event('').replace(/<TimeCreated[^>]*>/, '')],
    ['tags that do not match', event('<a><b></a></b>')],
    ['an element too deep', event('<a>'.repeat(40) + '</a>'.repeat(40))],
    ['something else', 'access is denied'],
  ] as const) {
    test(`${what}: refused`, () => assert.throws(() => readEventXml(xml, 'X'), DecodeError));
  }

  test('any damage gives an event or a DecodeError', () => {
    const whole = event('<EventData><Data Name="a">b</Data></EventData>');
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ maxLength: 3 }), fc.nat(3), (at, put, cut) => {
        tryDecode(() => readEventXml(whole.slice(0, at) + put + whole.slice(at + cut), 'X'));
      }),
    );
  });
});

function withoutReturns(record: EventRecord): EventRecord {
  const entries = Object.entries(record.fields).map(([name, value]) => [name, value.replaceAll('\r', '')]);
  return { ...record, fields: Object.fromEntries(entries) };
}

function eventsOf(bytes: Uint8Array): Map<number, { readonly record: EventRecord; readonly xml: string }> {
  const found = new Map<number, { record: EventRecord; xml: string }>();
  const walk = function* () {
    return yield* readAllEvents(yield* openLog(bottom(bytes.length)), (data, stored) => {
      const xml = eventToXml(stored);
      if (!xml.ok) return;
      const at = new Date(Number(data.timeCreated / 10_000n - 11_644_473_600_000n)).toISOString();
      found.set(data.recordId, {
        xml: xml.value,
        record: {
          channel: data.channel ?? '',
          provider: data.provider,
          id: data.id,
          recordId: data.recordId,
          at,
          ...(data.level === undefined ? {} : { level: data.level }),
          ...(data.computer === undefined ? {} : { computer: data.computer }),
          fields: Object.fromEntries(data.fields.map(({ name, value }) => [name, value])),
        },
      });
    });
  };
  drive(walk(), bytes);
  return found;
}

describe('the same event out of a log file and as XML', () => {
  for (const name of ['tsevtx_Security', 'tsevtx_System']) {
    test(`as Event Viewer saved it: ${name}`, (t: TestContext) => {
      const log = readRealData(t, `evtx/${name}.evtx`);
      if (log === undefined) return;
      const records = eventsOf(log);
      const saved = new TextDecoder('utf-8').decode(readSharedData(`evtx/${name}.xml`));
      const events = saved.match(/<Event [\s\S]*?<\/Event>/g) ?? [];
      assert.ok(events.length > 100);
      for (const xml of events) {
        const read = readEventXml(xml, '');
        const record = records.get(read.recordId)?.record;
        // The file was saved with the line ends of Unix.
        assert.deepEqual(withoutReturns(read), record && withoutReturns(record));
      }
    });
  }

  for (const name of [
    'velo_RDPAuth_System',
    'server2022_TS-LocalSessionManager_Operational',
    'mde_4625_restriction',
  ]) {
    test(`every record of ${name}`, (t: TestContext) => {
      const log = readRealData(t, `evtx/${name}.evtx`);
      if (log === undefined) return;
      const records = eventsOf(log);
      assert.ok(records.size > 0);
      for (const { record, xml } of records.values()) assert.deepEqual(readEventXml(xml, ''), record);
    });
  }
});
