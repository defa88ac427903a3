# What PowerShell on Wine has not: CIM and event logs. Answers are the test's, in C:\peer\cim.json and C:\peer\logs.json.
# A time is written behind an @, since ConvertFrom-Json makes dates of texts that look like one.
function Get-CimInstance {
  param([string]$ClassName, [int]$OperationTimeoutSec)
  $known = ConvertFrom-Json (Get-Content -Raw C:\peer\cim.json)
  $found = $known.PSObject.Properties[$ClassName]
  if (-not $found) { throw "no class $ClassName" }
  foreach ($one in $found.Value) {
    foreach ($time in @($one.PSObject.Properties | Where-Object { "$($_.Value)" -match '^@\d{4}-' })) { $one.($time.Name) = [datetime]$time.Value.Substring(1) }
    $one
  }
}

function Get-WinEvent {
  param([string]$LogName, [string]$FilterXml, [long]$MaxEvents = [long]::MaxValue, [switch]$Oldest)
  $ErrorActionPreference = 'Stop'
  if ($FilterXml) { $query = [xml]$FilterXml; $LogName = $query.QueryList.Query.Path }
  $log = (ConvertFrom-Json (Get-Content -Raw C:\peer\logs.json)).PSObject.Properties[$LogName]
  if (-not $log) { Write-Error -Message 'kein Protokoll' -ErrorId 'NoMatchingLogsFound' -Category ObjectNotFound; return }
  if ($log.Value -eq 'denied') { throw (New-Object UnauthorizedAccessException) }
  $events = @($log.Value)
  if ($Oldest) { [array]::Reverse($events) }
  if ($FilterXml) {
    $events = @($events | Where-Object {
      $event = $_
      @($query.QueryList.Query.Select | Where-Object {
        if ($_.InnerText -notmatch "Provider\[@Name='([^']*)'\] and \(([^)]*)\) and TimeCreated\[@SystemTime>='([^']*)'\]") { throw 'no such query' }
        $provider, $ids, $since = $Matches[1], " $($Matches[2]) ", $Matches[3]
        $provider -eq $event.provider -and $ids -match "EventID=$($event.id)\D" -and $event.at.Substring(1) -ge $since
      }).Count -gt 0
    })
  }
  $events = @($events | Select-Object -First $MaxEvents)
  if (-not $events.Count) { Write-Error -Message 'keine Ereignisse' -ErrorId 'NoMatchingEventsFound' -Category ObjectNotFound; return }
  foreach ($event in $events) {
    $made = [pscustomobject]@{
      Id = $event.id; RecordId = $event.recordId; TimeCreated = ([datetime]$event.at.Substring(1)).ToLocalTime()
      Properties = @($event.values | ForEach-Object { [pscustomobject]@{ Value = $_ } }); Xml = $event.xml
    }
    $made | Add-Member -MemberType ScriptMethod -Name ToXml -Value { $this.Xml } -PassThru
  }
}
