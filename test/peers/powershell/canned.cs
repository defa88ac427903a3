// As nltest.exe, w32tm.exe or netstat.exe: prints what C:\peer\NAME.txt says behind a line "> ARGUMENTS [exit STATUS]".
// Standard input that is not at its end is an error, so that a test notices a program that could read it.
var name = Path.GetFileNameWithoutExtension(Environment.ProcessPath!).ToLowerInvariant();
if (Console.In.Read() != -1) { Console.Error.WriteLine("there was something to read"); return 99; }
var file = $@"C:\peer\{name}.txt";
var status = 9009;
var prints = false;
foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
{
    if (line.StartsWith("> "))
    {
        var parts = line[2..].Split(" exit ");
        prints = parts[0] == string.Join(' ', args);
        if (prints) status = parts.Length > 1 ? int.Parse(parts[1]) : 0;
    }
    else if (prints) Console.Out.WriteLine(line);
}
return status;
