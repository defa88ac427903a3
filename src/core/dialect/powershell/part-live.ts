/** What only a running Windows knows: by CIM where that answers in numbers, by Windows' own programs where they must be asked. */
export const LIVE = String.raw`
# A program of Windows: nothing to read for it, its own errors left out.
function Run([string]$program) {
  $path = "$system32\$program"
  if (-not (Test-Path -LiteralPath $path)) { return @{ exit = -1; lines = @() } }
  $arguments = @($args)
  $ErrorActionPreference = 'Continue'
  $lines = @($null | & $path @arguments 2>$null)
  @{ exit = $LASTEXITCODE; lines = @($lines | ForEach-Object { "$_" }) }
}
function Tell-Program([string]$word, [string]$program) {
  $done = Run $program @args
  if ($done.exit -eq -1 -and -not $done.lines.Count) { Line 'program' $word 'missing'; return }
  Line 'program' $word $done.exit
  foreach ($line in $done.lines) { Line 'printed' (Mask-Printed $line) }
}

$cim = @{}
function Cim([string]$class) {
  if (-not $cim.ContainsKey($class)) { $cim[$class] = Get-CimInstance -ClassName $class -OperationTimeoutSec 20 -ErrorAction Stop }
  $cim[$class]
}

function Read-ServiceStates($names) {
  $services = $null
  try { $services = @(Cim 'Win32_Service') } catch { }
  foreach ($name in $names) {
    $service = @($services | Where-Object { $_.Name -eq $name })[0]
    if ($service) { Line 'service' $name 'present' ("$($service.State)" -replace ' ', '-') $service.ExitCode $service.ServiceSpecificExitCode $service.ProcessId; continue }
    try {
      $service = Get-Service -Name $name -ErrorAction Stop
      Line 'service' $name 'present' ([int]$service.Status)
    } catch {
      # Windows leaves a service out whose state the caller may not ask for: what has a key is not absent.
      if ($_.FullyQualifiedErrorId -like 'NoServiceFoundForGivenName*') {
        try {
          $key = if ($full) { Open-Key "SYSTEM\CurrentControlSet\Services\$name" } else { Open-ByProvider 'SYSTEM' "CurrentControlSet\Services\$name" }
          if ($key) { Line 'service' $name 'unknown' 'no-channel' 'it has a key, and the service control manager does not list it to this account' } else { Line 'service' $name 'absent' }
        } catch { $why = @(Reason $_); Line 'service' $name @why }
      } else { $why = @(Reason $_); Line 'service' $name @why }
    }
  }
}

function Read-StartTime {
  try { Line 'start-time' 'present' (Utc (Cim 'Win32_OperatingSystem').LastBootUpTime) }
  catch { $why = @(Reason $_); Line 'start-time' @why }
}

function Read-Resources {
  try { $os = Cim 'Win32_OperatingSystem' } catch { $why = @(Reason $_); Line 'resources' @why; return }
  $processes = @(Get-Process)
  $handles = ($processes | Measure-Object -Property HandleCount -Sum).Sum
  # Every session that somebody can sign in to has a winlogon, the console before the first sign-in too.
  $sessions = @($processes | Where-Object { $_.ProcessName -eq 'winlogon' } | ForEach-Object { $_.SessionId } | Sort-Object -Unique).Count
  Line 'resources' 'present' $os.TotalVisibleMemorySize $os.FreePhysicalMemory $os.TotalVirtualMemorySize $os.FreeVirtualMemory $handles $processes.Count $sessions
}

# @param $port 0 stands for the port that the listener of Remote Desktop is set to
function Read-Owner([int]$port) {
  if (-not $port) {
    $port = (Get-ItemProperty -LiteralPath 'Registry::HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp' -Name PortNumber -ErrorAction SilentlyContinue).PortNumber
    if (-not $port) { $port = 3389 }
  }
  # Columns, whatever the machine's language calls them: TCP, where it listens, where from (port 0), state, process.
  $listed = Run 'netstat.exe' '-ano' '-p' 'TCP'
  $listed6 = Run 'netstat.exe' '-ano' '-p' 'TCPv6'
  # Every Windows listens on 135: without any row this is no list.
  if ($listed.exit -ne 0 -or -not @($listed.lines -match '^\s*TCP\s+\S+:\d+\s+\S+:0\s').Count) { Line 'owner' $port 'unknown' 'no-channel' 'netstat did not answer'; return }
  $pids = @(foreach ($line in @($listed.lines) + @($listed6.lines)) { if ($line -match ('^\s*TCP\s+\S+:' + $port + '\s+\S+:0\s+\S+.*?\s(\d+)\s*$')) { [int]$Matches[1] } })
  if (-not $pids.Count) { Line 'owner' $port 'absent'; return }
  $process = Get-Process -Id $pids[0] -ErrorAction SilentlyContinue
  $services = @()
  try { $services = @(Cim 'Win32_Service' | Where-Object { $_.ProcessId -eq $pids[0] } | ForEach-Object { $_.Name }) } catch { }
  Line 'owner' $port 'present' $pids[0] "$($process.ProcessName)" @services
}

# Netlogon's channel: what it remembers, or by asking a controller now.
# @param $domain nothing stands for the domain that the machine belongs to
function Read-Channel([string]$asked, [string]$domain) {
  if (-not $domain) {
    try { $computer = Cim 'Win32_ComputerSystem' } catch { $why = @(Reason $_); Line 'channel' $asked @why; return }
    if (-not $computer.PartOfDomain) { Line 'channel' $asked 'unknown' 'no-channel' 'the machine is in no domain'; return }
    $domain = $computer.Domain
  }
  Line 'channel' $asked 'asked' (Word 'domain' $domain)
  Tell-Program $asked 'nltest.exe' "/sc_$($asked):$domain"
}
function Read-TimeSource {
  Tell-Program 'time-source' 'w32tm.exe' '/query' '/source'
  Tell-Program 'time-status' 'w32tm.exe' '/query' '/status' '/verbose'
}
`;
