import Appliance
import Foundation
import Glibc
import Testing

@Suite struct DeskHomeTests {
    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "/home-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private static func problem(_ path: String, home: String = "/nowhere") -> String? {
        do throws(ConfigurationError) {
            try DeskHome.check(path, environment: ["HOME": home])
            let room = try DeskHome(path, environment: ["HOME": home])
            return withExtendedLifetime(room) { nil }
        } catch {
            #expect(error.key == "desk.home")
            return error.problem
        }
    }

    @Test func aDirectoryIsMadeOnceAndKnownAgain() throws {
        try Self.withDirectory { parent throws in
            let home = try DeskHome(parent + "/desk", environment: [:])
            #expect(home.home == parent + "/desk/home" && home.temporary == parent + "/desk/tmp")
            for path in [home.home, home.temporary] {
                #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
            }
            try "x".write(toFile: home.home + "/x", atomically: false, encoding: .utf8)
            #expect(Self.problem(parent + "/desk") == nil)
            mkdir(parent + "/empty", 0o700)
            #expect(Self.problem(parent + "/empty") == nil, "nobody has used it")
        }
    }

    @Test func whatMightBeSomebodysIsRefused() throws {
        try Self.withDirectory { parent throws in
            mkdir(parent + "/full", 0o700)
            try "precious".write(toFile: parent + "/full/file", atomically: false, encoding: .utf8)
            mkdir(parent + "/open", 0o700)
            chmod(parent + "/open", 0o777)
            symlink(parent + "/full", parent + "/link")
            try "file".write(toFile: parent + "/file", atomically: false, encoding: .utf8)
            mkdir(parent + "/full/mine", 0o700)
            let places = [
                "/", "/tmp", "/home", "/root", "relative", "", parent + "/full", parent + "/open",
                parent + "/link",
                parent + "/file", parent + "/nowhere/desk", parent + "/../x", parent + "/./x", parent,
                FileManager.default.currentDirectoryPath, NSHomeDirectory(),
            ]
            for place in places { #expect(Self.problem(place) != nil, "\(place)") }
            mkdir(parent + "/lived", 0o700)
            for home in ["/lived", "/lived/in", "/lived/in/deeply"] {
                #expect(Self.problem(parent + "/lived", home: parent + home) != nil, "\(home)")
            }
            // By another name of the same place.
            symlink(parent, parent + "/other")
            mkdir(parent + "/lived/in", 0o700)
            #expect(Self.problem(parent + "/other/lived", home: parent + "/lived/in") != nil)
            #expect(try String(contentsOfFile: parent + "/full/file", encoding: .utf8) == "precious")
        }
    }

    /// A mark that is a link, as a program might make one.
    @Test func aMarkIsAFileOfThisUser() throws {
        try Self.withDirectory { parent throws in
            mkdir(parent + "/a", 0o700)
            symlink("/etc/passwd", parent + "/a/" + DeskHome.mark)
            #expect(Self.problem(parent + "/a") != nil)
        }
    }
}
