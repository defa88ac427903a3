// Every event log of ../shared/data against what other readers found in it (truth.json), and the two
// that Event Viewer itself saved as XML, record for record.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type EventAnswer,
  type EventQuery,
  type EventRecordData,
  eventToXml,
  filetimeText,
  type LogSummary,
  openLog,
  queryEvents,
  readAllEvents,
  type StoredRecord,
} from '../../../../src/core/formats/evtx/index.ts';
import { bottom } from '../../../../src/core/formats/walker.ts';
import { readSharedData, readSharedJson, requireSharedData } from '../../../shared-data.ts';
import { type Driven, drive } from '../drive.ts';

interface Truth {
  readonly records_by_header_scan: number;
  readonly header: {
    readonly version: string;
    readonly chunks_header: number;
    readonly next_record: number;
    readonly dirty: boolean;
    readonly full: boolean;
    readonly header_crc_ok: boolean;
    readonly chunks_data_crc_bad: number;
  };
  readonly agree: boolean;
  readonly channel: Readonly<Record<string, number>>;
  readonly computers: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** Records that stand behind a damaged place, and how many of them the readers behind truth.json did not find. */
const RECOVERED: Readonly<Record<string, { readonly behindDamage: number; readonly more: number }>> = {
  'obe_TS-RemoteConnectionManager_Operational': { behindDamage: 21, more: 20 },
  obe_bad_chunk_magic: { behindDamage: 113, more: 110 },
};

/** Of the records behind damage, those whose template is gone. */
const UNREADABLE: Readonly<Record<string, number>> = { obe_bad_chunk_magic: 82 };

const names = (truth: Readonly<Record<string, Truth>>) =>
  Object.keys(truth).map((name) => name.replace(/^evtx\/|\.evtx(\.xz)?$/g, ''));

function readAll(
  bytes: Uint8Array,
  visit: (event: EventRecordData, record: StoredRecord) => void,
): Driven<LogSummary> {
  const walk = function* () {
    return yield* readAllEvents(yield* openLog(bottom(bytes.length)), visit);
  };
  return drive(walk(), bytes);
}

function query(bytes: Uint8Array, question: EventQuery): Driven<EventAnswer> {
  const walk = function* () {
    return yield* queryEvents(yield* openLog(bottom(bytes.length)), question);
  };
  return drive(walk(), bytes);
}

function truthOf(t: TestContext): Readonly<Record<string, Truth>> | undefined {
  if (!requireSharedData(t)) return undefined;
  const { evtx } = readSharedJson('truth.json') as { readonly evtx: Readonly<Record<string, Truth>> };
  return evtx;
}

test('real logs against the counts of other readers', async (t) => {
  const truth = truthOf(t);
  if (truth === undefined) return;
  assert.ok(Object.keys(truth).length >= 22, 'there are logs to read');
  for (const [index, name] of names(truth).entries()) {
    const expected = Object.values(truth)[index];
    assert.ok(expected !== undefined);
    await t.test(name, () => checkLog(name, expected));
  }
});

function checkLog(name: string, truth: Truth): void {
  const bytes = readSharedData(`evtx/${name}.evtx`);
  const { header } = drive(openLog(bottom(bytes.length)), bytes).value;
  assert.deepEqual(
    {
      version: `${header?.majorVersion}.${header?.minorVersion}`,
      chunks_header: header?.chunkCount,
      next_record: header?.nextRecordId,
      dirty: header?.dirty,
      full: header?.full,
      header_crc_ok: header?.checksum === 'valid',
    },
    {
      version: truth.header.version,
      chunks_header: truth.header.chunks_header,
      next_record: truth.header.next_record,
      dirty: truth.header.dirty,
      full: truth.header.full,
      header_crc_ok: truth.header.header_crc_ok,
    },
  );

  const counts: Record<string, number> = {};
  const channels: Record<string, number> = {};
  const computers: Record<string, number> = {};
  const add = (to: Record<string, number>, key: string) => {
    to[key] = (to[key] ?? 0) + 1;
  };
  const { value: summary } = readAll(bytes, (event) => {
    add(counts, `${event.provider}/${event.id}`);
    add(channels, event.channel ?? '');
    add(computers, event.computer ?? '');
  });
  const { behindDamage, more } = RECOVERED[name] ?? { behindDamage: 0, more: 0 };
  const unreadable = UNREADABLE[name] ?? 0;
  assert.equal(summary.recovered, behindDamage);
  assert.equal(summary.records, truth.records_by_header_scan + more);
  assert.equal(summary.events, summary.records - unreadable);
  const broken = summary.anomalies.filter(({ where }) => where.startsWith('record '));
  assert.equal(broken.length, unreadable, broken[0]?.problem);
  const absent = name === 'obe_Application_no_crc32';
  assert.equal(
    summary.anomalies.filter(({ problem }) => problem === 'the checksum of its records is wrong').length,
    absent ? 0 : truth.header.chunks_data_crc_bad,
  );
  if (more === 0) {
    assert.deepEqual(summary.anomalies, []);
    assert.deepEqual(counts, { ...truth.counts });
    // Channels and computers were counted by libevtx, which does not read all logs to their end.
    if (truth.agree) assert.deepEqual([channels, computers], [{ ...truth.channel }, { ...truth.computers }]);
  } else {
    // One record of the other readers has no provider for them; here there is none such.
    for (const [key, count] of Object.entries(truth.counts)) {
      if (key !== '?/0') assert.ok((counts[key] ?? 0) >= count, key);
    }
    assert.deepEqual(
      Object.keys(counts).toSorted(),
      Object.keys(truth.counts)
        .filter((key) => key !== '?/0')
        .toSorted(),
    );
  }
}

for (const name of ['tsevtx_System', 'tsevtx_Security']) {
  test(`${name} as XML, as Event Viewer saved it`, (t) => {
    if (!requireSharedData(t)) return;
    const saved = new TextDecoder().decode(readSharedData(`evtx/${name}.xml`));
    const expected = new Map<number, string>();
    for (const [event] of saved.matchAll(/<Event xmlns[\s\S]*?<\/Event>/g)) {
      expected.set(Number(/<EventRecordID>(\d+)</.exec(event)?.[1]), event);
    }
    assert.ok(expected.size > 1000);
    const { value: summary } = readAll(readSharedData(`evtx/${name}.evtx`), (event, record) => {
      const rendered = eventToXml(record);
      assert.ok(rendered.ok);
      // Event Viewer's file has passed through something that writes line ends as one character.
      assert.equal(rendered.value.replaceAll('\r\n', '\n'), expected.get(event.recordId));
      checkFields(event, rendered.value);
      expected.delete(event.recordId);
    });
    assert.equal(expected.size, 0, 'every record was there');
    assert.deepEqual(summary.anomalies, []);
  });
}

/** The decoded event says what its XML says. */
function checkFields(event: EventRecordData, xml: string): void {
  const plain = (text: string) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
  const inside = (name: string) => {
    const found = new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(xml);
    return found?.[1] === undefined ? undefined : plain(found[1]);
  };
  const attribute = (element: string, name: string) => {
    const found = new RegExp(`<${element} (?:[^>]*[ '])?${name}='([^']*)'`).exec(xml);
    return found?.[1] === undefined ? undefined : plain(found[1]);
  };
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const { fields, timeCreated, message: _, ...system } = event;
  assert.deepEqual(
    { ...system, timeCreated: filetimeText(timeCreated) },
    {
      recordId: number(inside('EventRecordID')),
      provider: attribute('Provider', 'Name'),
      providerGuid: attribute('Provider', 'Guid'),
      eventSourceName: attribute('Provider', 'EventSourceName'),
      id: number(inside('EventID')),
      qualifiers: number(attribute('EventID', 'Qualifiers')),
      version: number(inside('Version')),
      level: number(inside('Level')),
      task: number(inside('Task')),
      opcode: number(inside('Opcode')),
      keywords: inside('Keywords'),
      timeCreated: attribute('TimeCreated', 'SystemTime'),
      activityId: attribute('Correlation', 'ActivityID'),
      relatedActivityId: attribute('Correlation', 'RelatedActivityID'),
      processId: number(attribute('Execution', 'ProcessID')),
      threadId: number(attribute('Execution', 'ThreadID')),
      channel: inside('Channel'),
      computer: inside('Computer'),
      userId: attribute('Security', 'UserID'),
    },
  );
  if (!xml.includes('<EventData')) return;
  let unnamed = 0;
  const data = [...xml.matchAll(/<(Data|Binary)(?: Name='([^']*)')?(?:\/>|>([^<]*)<)/g)];
  assert.deepEqual(
    fields.map(({ name, value }) => [name, value]),
    data.map(([, element, name, text]) => {
      if (element === 'Binary') return ['binary', text ?? ''];
      if (name === undefined) unnamed += 1;
      return [name ?? `param${unnamed}`, plain(text ?? '')];
    }),
  );
}

const DAY = 86_400_000;

/**
 * Events of the first chunk whose clock was half a year ahead, within the newest day of a log whose
 * other chunks are older: not looked for behind those.
 */
const STRAY: Readonly<Record<string, number>> = { belkasoft_GroupPolicy_Operational: 1 };

test('the newest of real logs, by whatever path: the same events as from reading all', async (t) => {
  const truth = truthOf(t);
  if (truth === undefined) return;
  for (const name of names(truth)) {
    // Of records behind damage the order is not known.
    if (RECOVERED[name] !== undefined) continue;
    await t.test(name, () => {
      const bytes = readSharedData(`evtx/${name}.evtx`);
      const all: EventRecordData[] = [];
      readAll(bytes, (event) => void all.push(event));
      all.sort((a, b) => b.recordId - a.recordId);
      const newest = all[0];
      assert.ok(newest !== undefined);
      const since = newest.timeCreated - BigInt(DAY) * 10_000n;
      const ids = [newest.id, 7036, 4624, 36874];
      const wanted = all.filter(
        ({ timeCreated, provider, id }) =>
          timeCreated >= since && provider === newest.provider && ids.includes(id),
      );
      wanted.length -= STRAY[name] ?? 0;
      const { value: answer } = query(bytes, {
        select: [{ provider: newest.provider.toUpperCase(), ids }],
        sinceMillisBeforeNewest: DAY,
        limit: 100_000,
      });
      // Not all was read, but what was begins with the newest and has the oldest record by their order.
      const times = new Map(all.map(({ recordId, timeCreated }) => [recordId, timeCreated]));
      assert.ok(answer.newest !== undefined && answer.newest.timeCreated >= newest.timeCreated);
      assert.ok(answer.oldest !== undefined && answer.oldest.timeCreated <= (all.at(-1)?.timeCreated ?? 0n));
      for (const { recordId, timeCreated } of [answer.newest, answer.oldest]) {
        assert.equal(times.get(recordId), timeCreated);
      }
      assert.equal(answer.events.length, wanted.length);
      assert.deepEqual(answer.events.slice(0, 50), wanted.slice(0, 50));
      assert.deepEqual(
        answer.events.map(({ recordId }) => recordId),
        wanted.map(({ recordId }) => recordId),
      );
      assert.deepEqual(answer.anomalies, []);
    });
  }
});

test('a log that lies about its chunks: the newest day in few rounds', (t) => {
  if (!requireSharedData(t)) return;
  const bytes = readSharedData('evtx/szechuan_System.evtx');
  const {
    value: answer,
    rounds,
    bytesRead,
  } = query(bytes, { sinceMillisBeforeNewest: DAY / 1440, limit: 1000 });
  assert.equal(answer.newest?.recordId, 60189);
  assert.equal(answer.oldest?.recordId, 1);
  assert.equal(answer.endedBy, 'since');
  assert.ok(rounds <= 4, `${rounds} rounds`);
  assert.ok(bytesRead < 300_000, `${bytesRead} bytes`);
});

test('chunks of a shadow copy in no order: the newest is found by all headers', (t) => {
  if (!requireSharedData(t)) return;
  const bytes = readSharedData('evtx/obe_TS-RemoteConnectionManager_Operational.evtx');
  const { value: answer } = query(bytes, { limit: 1 });
  assert.equal(answer.newest?.recordId, 463_330);
  assert.equal(answer.events[0]?.recordId, 463_330);
});
