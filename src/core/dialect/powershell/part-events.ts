/**
 * Event logs, the newest events first, as XML: its names do not change with the language. In ConstrainedLanguage the
 * class has no ToXml, and wevtutil prints the same.
 */
export const EVENTS = `
# Conditions for providers and ids, in pieces that the event log takes: it refuses more than some twenty at once.
function Conditions($select, [string]$since) {
  foreach ($one in $select) {
    $ids = @($one | Select-Object -Skip 1)
    for ($at = 0; $at -lt $ids.Count; $at += 10) {
      $some = @($ids | Select-Object -Skip $at -First 10 | ForEach-Object { "EventID=$_" }) -join ' or '
      "*[System[Provider[@Name='$($one[0])'] and ($some) and TimeCreated[@SystemTime>='$since']]]"
    }
  }
}

# Line of a log that has no events, or cannot be read.
function Tell-NoLog([string]$word, [string]$channel, $problem) {
  if ($problem.FullyQualifiedErrorId -like 'NoMatchingEventsFound*') { Line $word $channel 'present' '' '' }
  elseif ($problem.FullyQualifiedErrorId -like 'NoMatchingLogsFound*') { Line $word $channel 'absent' }
  elseif ($problem.CategoryInfo.Reason -eq 'EventLogNotFoundException') { Line $word $channel 'absent' }
  else { $why = @(Reason $problem); Line $word $channel @why }
}

function Read-Events([string]$channel, [long]$within, [int]$limit, $select) {
  try {
    $newest = Get-WinEvent -LogName $channel -MaxEvents 1 -ErrorAction Stop
    $oldest = Get-WinEvent -LogName $channel -MaxEvents 1 -Oldest -ErrorAction Stop
  } catch { Tell-NoLog 'log' $channel $_; return }
  $since = Utc $newest.TimeCreated.AddMilliseconds(-$within)
  $found = @()
  try {
    if ($full) { $found = @(Find-Events $channel $limit (Conditions $select $since) | ForEach-Object { $_.ToXml() }) }
    else { $found = @(Conditions $select $since | ForEach-Object { Print-Events $channel $limit $_ }) }
  } catch { $why = @(Reason $_); Line 'log' $channel @why; return }
  Line 'log' $channel 'present' (Utc $oldest.TimeCreated) (Utc $newest.TimeCreated)
  # Names are learnt from all of them before the first is masked.
  if ($masking) { foreach ($xml in $found) { $null = Mask-Event $xml } }
  foreach ($xml in $found) { Line 'event' (Mask-Event $xml) }
}

function Find-Events([string]$channel, [int]$limit, $conditions) {
  $selects = @(foreach ($one in $conditions) { "<Select Path=""$channel"">$($one -replace '>', '&gt;')</Select>" }) -join ''
  try { Get-WinEvent -FilterXml "<QueryList><Query Id=""0"" Path=""$channel"">$selects</Query></QueryList>" -MaxEvents $limit -ErrorAction Stop }
  catch { if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw } }
}

function Print-Events([string]$channel, [int]$limit, [string]$condition) {
  $printed = Run 'wevtutil.exe' 'qe' $channel "/q:$condition" '/f:XML' '/rd:true' "/c:$limit"
  if ($printed.exit -ne 0) { throw 'wevtutil could not read it' }
  (@($printed.lines) -join ' ') -split '(?<=</Event>)' | Where-Object { $_ -match '<Event' } | ForEach-Object { $_.Trim() }
}

# Sign-ins that worked and that failed: what is counted of them, by the place that Windows gives each field.
function Read-Logons([string]$channel, [long]$within, [int]$limit) {
  try {
    $newest = Get-WinEvent -LogName $channel -MaxEvents 1 -ErrorAction Stop
    $oldest = Get-WinEvent -LogName $channel -MaxEvents 1 -Oldest -ErrorAction Stop
    $since = Utc $newest.TimeCreated.AddMilliseconds(-$within)
    $found = @(Find-Events $channel $limit (Conditions @(, @('Microsoft-Windows-Security-Auditing', 4624, 4625)) $since))
  } catch { Tell-NoLog 'logons' $channel $_; return }
  Line 'logons' $channel 'present' (Utc $oldest.TimeCreated) (Utc $newest.TimeCreated) $since $(if ($found.Count -ge $limit) { 'limit' } else { 'all' })
  foreach ($event in $found) {
    $all = $event.Properties
    if ($event.Id -eq 4625) { $fields = $all[5], $all[6], $all[10], $all[7], $all[9], $all[12], $all[19] }
    else { $fields = $all[5], $all[6], $all[8], $null, $null, $all[10], $all[18] }
    $texts = @(foreach ($field in $fields) { $value = $field.Value; if ($value -is [string] -or $null -eq $value) { "$value" } elseif ($value -lt 0) { '0x{0:x8}' -f ($value -band 4294967295) } else { "$value" } })
    $texts[0] = Word 'user' $texts[0]
    $texts[1] = Word 'domain' $texts[1]
    Line 'logon' $event.Id $event.RecordId (Utc $event.TimeCreated) @texts
  }
}
`;
