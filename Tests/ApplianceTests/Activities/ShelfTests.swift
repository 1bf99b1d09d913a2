import Appliance
import Foundation
import IO
import Testing
import Wire

@Suite struct ShelfTests {
    private static let environment = ["PATH": "/usr/bin:/bin", "HOME": "/nowhere"]

    private static func shelf(_ setting: String, apps: [String] = []) throws -> Shelf {
        var configuration = Configuration()
        configuration.activities.shelf = setting
        configuration.apps = apps
        return try Shelf(configuration, environment: environment)
    }

    /// With files in it, by name; it is gone afterwards.
    private static func withDirectory(
        _ files: [String: String],
        _ body: (String) throws -> Void
    ) throws {
        let path = NSTemporaryDirectory() + "/shelf-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (name, text) in files {
            try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
        }
        try body(path)
    }

    private static func entry(_ lines: String...) -> String {
        "[Desktop Entry]\nType=Application\n" + lines.joined(separator: "\n")
    }

    @Test func aListHasNamesAndCommands() throws {
        let shelf = try Self.shelf(
            "Whiteboard: xournalpp --page 1; xterm -e top ;; Site: firefox http://a.b/c"
        )
        #expect(shelf.activities.map(\.name.text) == ["Whiteboard", "xterm", "Site"])
        #expect(
            shelf.activities.map(\.command)
                == ["xournalpp --page 1", "xterm -e top", "firefox http://a.b/c"].map {
                    ["/bin/sh", "-c", $0]
                }
        )
        #expect(shelf.activities.map(\.programName) == ["xournalpp", "xterm", "firefox"])
        #expect(shelf.leftOut == [] && shelf.activities.allSatisfy { !$0.isAlwaysThere })
    }

    @Test(arguments: ["Name:", "Name: ", ";", ": xterm", "/nowhere/at/all", "/etc/passwd"])
    func whatNamesNothingIsRefusedInWords(_ setting: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.shelf(setting) }
        #expect(error?.key == "desk.shelf")
    }

    @Test func aDirectoryIsReadInTheOrderOfItsFiles() throws {
        let files = [
            "20-b.desktop": Self.entry("Name=Terminal", "Exec=sleep 5 %f", "Terminal=true"),
            "10-a.desktop": Self.entry("Name=Draw", "Name[es]=Dibujar", "Exec=env A=b true %%", "Path=/tmp"),
            "hidden.desktop": Self.entry("Name=H", "Exec=true", "NoDisplay=true"),
            "other.desktop": Self.entry("Name=O", "Exec=true", "OnlyShowIn=GNOME;"),
            "try.desktop": Self.entry("Name=T", "Exec=true", "TryExec=/nowhere/program"),
            "bad.desktop": Self.entry("Name=B", "Exec=a; b"),
            "gone.desktop": Self.entry("Name=G", "Exec=no-such"),
            "empty.desktop": "", "notes.txt": "nothing",
        ]
        try Self.withDirectory(files) { path throws in
            let shelf = try Self.shelf(path)
            #expect(shelf.activities.map(\.name.text) == ["Draw", "Terminal"])
            #expect(shelf.activities[0].name.translations == ["es": "Dibujar"])
            #expect(shelf.activities[0].command == ["env", "A=b", "true", "%"])
            #expect(shelf.activities[0].directory == "/tmp")
            #expect(shelf.activities[1].command == ["xterm", "-e", "sleep", "5"])
            #expect(shelf.leftOut.map(\.name) == ["bad.desktop", "empty.desktop", "gone.desktop"])
            #expect(shelf.leftOut[0].problem.contains("“;”"))
            #expect(shelf.leftOut[2].problem == "its program, no-such, is not there")
        }
    }

    @Test func whatRunsAllTheTimeIsKnown() throws {
        let shelf = try Self.shelf("A: xterm  -e top; B: xterm", apps: [" xterm -e  top"])
        #expect(shelf.activities.map(\.isAlwaysThere) == [true, false])
        try Self.withDirectory(["a.desktop": Self.entry("Name=A", "Exec=sleep 5 %F")]) { path throws in
            #expect(try Self.shelf(path, apps: ["sleep 5"]).activities.map(\.isAlwaysThere) == [true])
        }
    }

    @Test func thereIsRoomForSoManyAndTheOthersAreNamed() throws {
        let shelf = try Self.shelf((0..<70).map { "N\($0): true" }.joined(separator: ";"))
        #expect(shelf.activities.count == Shelf.most)
        #expect(shelf.leftOut.map(\.name) == (64..<70).map { "N\($0)" })
    }

    @Test func theRoomIsToldWhatPeopleSee() throws {
        var shelf = ToldShelf(try Self.shelf("A: xterm; B: true", apps: ["true"]), hasOwnHome: true)
        #expect(shelf.activities.map(\.isAlwaysThere) == [false, true])
        shelf.activities[0].names = ["es": "Á"]
        let file = try MemoryFile()
        #expect(ToldShelf(file) == ToldShelf(), "nothing was written yet")
        shelf.write(to: file)
        #expect(ToldShelf(file) == shelf)
    }

    @Test func checkingTheSettingsFindsWhatIsWrong() throws {
        var configuration = Configuration()
        configuration.activities.shelf = "/nowhere/at/all"
        configuration.activities.home = "/"
        let check = ConfigurationCheck(configuration, environment: Self.environment)
        #expect(Set(check.errors.map(\.key)).isSuperset(of: ["desk.shelf", "desk.home"]))
        try Self.withDirectory(["a.desktop": Self.entry("Name=A", "Exec=a;b")]) { path throws in
            configuration.activities.shelf = path
            let notes = ConfigurationCheck(configuration, environment: Self.environment).notes
            #expect(
                notes.contains { $0.key == "desk.shelf" && $0.problem.hasPrefix("a.desktop is left out: ") }
            )
        }
    }
}
