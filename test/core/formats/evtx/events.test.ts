// Events out of logs that are built here: what templates, nested binary XML, and events without a
// template become, as fields and as XML.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import {
  type EventRecordData,
  eventToXml,
  openLog,
  readAllEvents,
} from '../../../../src/core/formats/evtx/index.ts';
import { type Anomaly, bottom } from '../../../../src/core/formats/walker.ts';
import { drive } from '../drive.ts';
import {
  buildLog,
  ChunkBuilder,
  type ElementSpec,
  type InnerXml,
  NEW_YEAR,
  NULL,
  PROVIDER,
  SECOND,
  storeEvent,
  text,
  u32,
  type Value,
  value,
} from './build-log.ts';

interface Read {
  readonly events: readonly EventRecordData[];
  readonly xml: readonly string[];
  readonly anomalies: readonly Anomaly[];
}

function read(...records: readonly InnerXml[]): Read {
  const chunk = new ChunkBuilder();
  for (const [index, record] of records.entries()) chunk.record(index + 1, NEW_YEAR, record);
  const bytes = buildLog([chunk.build()]);
  const events: EventRecordData[] = [];
  const xml: string[] = [];
  const walk = function* () {
    const log = yield* openLog(bottom(bytes.length));
    return yield* readAllEvents(log, (event, record) => {
      events.push(event);
      const rendered = eventToXml(record);
      xml.push(rendered.ok ? rendered.value : rendered.error.message);
    });
  };
  return { events, xml, anomalies: drive(walk(), bytes).value.anomalies };
}

/** Reads one event whose data is an instance of a template, and the same once more by reference. */
function checkData(
  template: ElementSpec,
  values: readonly Value[],
  fields: readonly (readonly [string, string])[],
  xml: string,
): void {
  const payload: InnerXml = (chunk) => chunk.instance(template, values);
  const result = read(storeEvent({ payload }), storeEvent({ payload }));
  assert.deepEqual(result.anomalies, []);
  for (const event of result.events) {
    assert.deepEqual(
      event.fields.map(({ name, value }) => [name, value]),
      fields,
    );
  }
  for (const rendered of result.xml) {
    assert.equal(rendered.slice(rendered.indexOf('</System>') + 9), `${xml}</Event>`);
  }
  assert.equal(result.events.length, 2);
}

test('the fields of System', () => {
  const { events, xml, anomalies } = read(
    storeEvent({ id: 7036, qualifiers: 16384, time: NEW_YEAR + SECOND, source: 'Old name' }),
  );
  assert.deepEqual(anomalies, []);
  assert.deepEqual(events, [
    {
      recordId: 1,
      timeCreated: NEW_YEAR + SECOND,
      provider: PROVIDER,
      providerGuid: undefined,
      eventSourceName: 'Old name',
      id: 7036,
      qualifiers: 16384,
      version: undefined,
      level: 4,
      task: undefined,
      opcode: undefined,
      keywords: undefined,
      activityId: undefined,
      relatedActivityId: undefined,
      processId: undefined,
      threadId: undefined,
      channel: 'Test',
      computer: 'box',
      userId: 'S-1-5-18',
      fields: [],
      message: undefined,
    },
  ]);
  assert.deepEqual(xml, [
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>" +
      "<Provider Name='Test-Provider' EventSourceName='Old name'/><EventID Qualifiers='16384'>7036</EventID>" +
      "<Level>4</Level><TimeCreated SystemTime='2020-01-01T00:00:01.0000000Z'/><Channel>Test</Channel>" +
      "<Computer>box</Computer><Security UserID='S-1-5-18'/></System></Event>",
  ]);
});

test('an event without TimeCreated has the time of its record', () => {
  assert.equal(read(storeEvent({})).events[0]?.timeCreated, NEW_YEAR);
});

test('a value that is null leaves its attribute out, and an element that depends on it', () => {
  const { xml } = read(storeEvent({}));
  assert.match(xml[0] ?? '', /<Provider Name='Test-Provider'\/><EventID>1<\/EventID>/);
  checkData(
    {
      name: 'EventData',
      content: [
        { name: 'Data', attributes: [['Name', 'gone']], content: [0], dependency: 0 },
        { name: 'Data', attributes: [['Name', 'kept']], content: [0] },
      ],
    },
    [NULL],
    [['kept', '']],
    "<EventData><Data Name='kept'></Data></EventData>",
  );
});

test('data with names', () => {
  checkData(
    {
      name: 'EventData',
      content: [
        { name: 'Data', attributes: [['Name', 'TargetUserName']], content: [0] },
        { name: 'Data', attributes: [['Name', 'Status']], content: [1] },
      ],
    },
    [text('alice & <bob>'), value(0x14, [0x6d, 0, 0, 0xc0])],
    [
      ['TargetUserName', 'alice & <bob>'],
      ['Status', '0xc000006d'],
    ],
    "<EventData><Data Name='TargetUserName'>alice &amp; &lt;bob&gt;</Data><Data Name='Status'>0xc000006d</Data></EventData>",
  );
});

const NAMED: ElementSpec = {
  name: 'EventData',
  content: [
    { name: 'Data', attributes: [['Name', 'user']], content: [0] },
    { name: 'Data', attributes: [['Name', 'status']], content: [1] },
  ],
};

test('events that are about the same share their fields; any byte that differs keeps them apart', () => {
  const about = (template: ElementSpec, ...values: readonly Value[]) =>
    storeEvent({ payload: (chunk: ChunkBuilder) => chunk.instance(template, values) });
  const turned: ElementSpec = { name: 'EventData', content: (NAMED.content ?? []).toReversed() };
  const { events, anomalies } = read(
    about(NAMED, text('alice'), u32(5)),
    about(NAMED, text('alice'), u32(5)),
    about(turned, text('alice'), u32(5)),
    // The same sample of bytes, and the same length.
    about(NAMED, text('alcie'), u32(5)),
    about(NAMED, text('alice'), value(0x14, [5, 0, 0, 0])),
    about(NAMED, text('alice'), NULL),
    about(NAMED, text('alice')),
  );
  assert.deepEqual(anomalies, []);
  assert.equal(events[1]?.fields, events[0]?.fields);
  assert.deepEqual(
    events.map(({ fields }) => fields.map(({ name, value }) => `${name}=${value}`).join(' ')),
    [
      'user=alice status=5',
      'user=alice status=5',
      'status=5 user=alice',
      'user=alcie status=5',
      'user=alice status=0x5',
      'user=alice status=',
      'user=alice status=',
    ],
  );
});

test('named data beside other things: an array, binary XML, an attribute more, the same value twice', () => {
  checkData(
    NAMED,
    [value(0x81, encodeUtf16le('one\0two\0')), u32(5)],
    [
      ['user', 'one'],
      ['user', 'two'],
      ['status', '5'],
    ],
    "<EventData><Data Name='user'>one</Data><Data Name='user'>two</Data><Data Name='status'>5</Data></EventData>",
  );
  checkData(
    NAMED,
    [value(0x21, (chunk) => chunk.instance({ name: 'Inner', content: [0] }, [text('x')])), u32(5)],
    [
      ['user@Name', 'user'],
      ['user/Inner', 'x'],
      ['status', '5'],
    ],
    "<EventData><Data Name='user'><Inner>x</Inner></Data><Data Name='status'>5</Data></EventData>",
  );
  checkData(
    {
      name: 'EventData',
      content: [
        { name: 'Data', attributes: [['Name', 'user']], content: [0] },
        { name: 'Data', attributes: [['Name', 'again']], content: [0] },
        {
          name: 'Data',
          attributes: [
            ['Name', 'more'],
            ['Type', 'x'],
          ],
          content: ['of ', 0],
        },
      ],
    },
    [text('a')],
    [
      ['user', 'a'],
      ['again', 'a'],
      ['more', 'of a'],
    ],
    "<EventData><Data Name='user'>a</Data><Data Name='again'>a</Data><Data Name='more' Type='x'>of a</Data></EventData>",
  );
});

test('data without names, from an array, and binary data', () => {
  checkData(
    {
      name: 'EventData',
      content: [
        { name: 'Data', content: [0], dependency: 0 },
        { name: 'Binary', content: [1], dependency: 1 },
      ],
    },
    [value(0x81, encodeUtf16le('one\0\0three\0')), value(0x0e, [0x22, 0, 0, 0xc0])],
    [
      ['param1', 'one'],
      ['param2', ''],
      ['param3', 'three'],
      ['binary', '220000C0'],
    ],
    '<EventData><Data>one</Data><Data></Data><Data>three</Data><Binary>220000C0</Binary></EventData>',
  );
});

test('an element of two tags with nothing between them, and one of one tag', () => {
  checkData({ name: 'EventData', content: [] }, [], [], '<EventData></EventData>');
  checkData({ name: 'EventData' }, [], [], '<EventData/>');
});

test('an empty array makes one empty element', () => {
  checkData(
    { name: 'EventData', content: [{ name: 'Data', content: [0] }] },
    [value(0x81, [])],
    [['param1', '']],
    '<EventData><Data></Data></EventData>',
  );
});

test('user data by the names of its elements, deeper ones by their path', () => {
  checkData(
    {
      name: 'UserData',
      content: [
        {
          name: 'EventXML',
          attributes: [['xmlns', 'Event_NS']],
          content: [
            { name: 'Param1', content: [0] },
            { name: 'Certificate', attributes: [['hash', 0]], content: [{ name: 'Name', content: [1] }] },
            { name: 'Empty' },
          ],
        },
      ],
    },
    [text('alice'), u32(7)],
    [
      ['Param1', 'alice'],
      ['Certificate@hash', 'alice'],
      ['Certificate/Name', '7'],
    ],
    "<UserData><EventXML xmlns='Event_NS'><Param1>alice</Param1><Certificate hash='alice'><Name>7</Name></Certificate><Empty/></EventXML></UserData>",
  );
});

test('attributes: empty, and of a value that is null', () => {
  checkData(
    {
      name: 'UserData',
      content: [
        {
          name: 'Top',
          attributes: [['empty', ''], ['nothing'], ['gone', 0], ['kept', { must: 0 }], ['full', 1]],
          content: [{ name: 'Leaf', content: ['x'] }],
        },
      ],
    },
    [NULL, u32(5)],
    [
      ['@empty', ''],
      ['@nothing', ''],
      ['@kept', ''],
      ['@full', '5'],
      ['Leaf', 'x'],
    ],
    "<UserData><Top empty='' nothing='' kept='' full='5'><Leaf>x</Leaf></Top></UserData>",
  );
});

test('text in several parts: references, sections, instructions', () => {
  checkData(
    {
      name: 'EventData',
      content: [
        {
          name: 'Data',
          attributes: [['Name', "it's"]],
          content: ['a ', { entity: 'amp' }, { char: 60 }, { cdata: '<x>' }, { must: 0 }, { entity: 'own' }],
        },
        { instruction: 'target', data: 'data' },
      ],
    },
    [text('!')],
    [["it's", 'a &<<x>!&own;']],
    "<EventData><Data Name='it&apos;s'>a &amp;&lt;<![CDATA[<x>]]>!&own;</Data><?target data?></EventData>",
  );
});

test('control characters do not make the XML unreadable', () => {
  checkData(
    { name: 'EventData', content: [{ name: 'Data', content: [0] }] },
    [text('a\u0001\tb')],
    [['param1', 'a\u0001\tb']],
    '<EventData><Data>a\uFFFD\tb</Data></EventData>',
  );
});

test('an event without a template, as a collector of forwarded events stores it', () => {
  const event: ElementSpec = {
    name: 'Event',
    attributes: [['xmlns', 'http://schemas.microsoft.com/win/2004/08/events/event']],
    content: [
      {
        name: 'System',
        content: [
          {
            name: 'Provider',
            attributes: [
              ['Name', 'Schannel'],
              ['Guid', '{1f678132-5938-4686-9fdc-c8ff68f15c85}'],
            ],
          },
          { name: 'EventID', content: ['36874'] },
          { name: 'Level', content: ['2'] },
          { name: 'Keywords', content: ['0x8000000000000000'] },
          { name: 'TimeCreated', attributes: [['SystemTime', '2020-01-01T00:00:01.1234567Z']] },
          { name: 'EventRecordID', content: ['99'] },
          {
            name: 'Execution',
            attributes: [
              ['ProcessID', '500'],
              ['ThreadID', '504'],
            ],
          },
          { name: 'Channel', content: ['System'] },
          { name: 'Computer', content: ['far.example'] },
        ],
      },
      {
        name: 'EventData',
        content: [{ name: 'Data', attributes: [['Name', 'Protocol']], content: ['TLS 1.0'] }],
      },
      {
        name: 'RenderingInfo',
        attributes: [['Culture', 'en-US']],
        content: [{ name: 'Message', content: ['No cipher suite in common.'] }],
      },
    ],
  };
  const { events, anomalies } = read((chunk) => chunk.plain(event), storeEvent({ id: 2 }));
  assert.deepEqual(anomalies, []);
  const [forwarded] = events;
  assert.ok(forwarded !== undefined);
  const { provider, providerGuid, id, level, keywords, timeCreated, recordId, processId, threadId } =
    forwarded;
  assert.deepEqual(
    { provider, providerGuid, id, level, keywords, timeCreated, recordId, processId, threadId },
    {
      provider: 'Schannel',
      providerGuid: '{1f678132-5938-4686-9fdc-c8ff68f15c85}',
      id: 36874,
      level: 2,
      keywords: '0x8000000000000000',
      timeCreated: NEW_YEAR + SECOND + 1_234_567n,
      recordId: 99,
      processId: 500,
      threadId: 504,
    },
  );
  assert.deepEqual(
    {
      channel: forwarded.channel,
      computer: forwarded.computer,
      fields: forwarded.fields,
      message: forwarded.message,
    },
    {
      channel: 'System',
      computer: 'far.example',
      fields: [{ name: 'Protocol', value: 'TLS 1.0' }],
      message: 'No cipher suite in common.',
    },
  );
});

test('an event identifier with its qualifiers in the upper half', () => {
  const template: ElementSpec = {
    name: 'Event',
    content: [{ name: 'System', content: [{ name: 'EventID', content: [0] }] }],
  };
  const [event] = read((chunk) => chunk.instance(template, [u32(0x4000_1b7c)])).events;
  assert.deepEqual([event?.id, event?.qualifiers, event?.provider], [7036, 0x4000, '']);
});

test('an event whose data is damaged keeps its System, and says so', () => {
  const { events, anomalies } = read(
    storeEvent({ id: 5, payload: (chunk) => chunk.raw([0x0f, 1, 1, 0, 0x77]) }),
  );
  assert.equal(events[0]?.id, 5);
  assert.equal(anomalies.length, 1);
  assert.match(anomalies[0]?.problem ?? '', /a token 0x77 does not belong here/);
});
