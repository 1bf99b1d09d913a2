import Appliance
import Foundation
import Glibc
import Testing

@Suite struct LeftoversTests {
    private let parent: String

    init() throws {
        parent = FileManager.default.temporaryDirectory.appending(path: "leftovers-\(UUID())").path
        try FileManager.default.createDirectory(
            atPath: parent + "/.X11-unix",
            withIntermediateDirectories: true
        )
    }

    private func write(_ text: String = "", to path: String) {
        #expect(FileManager.default.createFile(atPath: parent + "/" + path, contents: Data(text.utf8)))
    }

    private func makeRoom(_ name: String, lock: Bool = true) throws {
        try FileManager.default.createDirectory(
            atPath: "\(parent)/\(name)/desk",
            withIntermediateDirectories: true
        )
        if lock { write(to: "\(name)/lock") }
    }

    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: parent + "/" + path)
    }

    /// The number of a process that has ended.
    private func dead() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return process.processIdentifier
    }

    @Test func whatADeadRoomHadIsRemovedAndNothingElse() throws {
        try makeRoom("deskroom-dead")
        try makeRoom("deskroom-unknown", lock: false)
        try makeRoom("other-dead")
        let server = try dead()
        DisplayNote(number: 20, server: server).write(in: parent + "/deskroom-dead")
        write("\(server)\n", to: ".X20-lock")
        write(to: ".X11-unix/X20")
        let left = Leftovers(in: parent, x: parent)
        #expect(left.directories == 1 && left.displays == 1)
        #expect(!exists("deskroom-dead") && !exists(".X20-lock") && !exists(".X11-unix/X20"))
        #expect(exists("deskroom-unknown") && exists("other-dead"))
    }

    @Test func whatALivingRoomHasIsLeft() throws {
        try makeRoom("deskroom-alive")
        let descriptor = open("\(parent)/deskroom-alive/lock", O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        #expect(Leftovers(in: parent, x: parent).directories == 0)
        #expect(exists("deskroom-alive/desk"))
    }

    /// Another server may have come to the display, or another process to the server's number.
    @Test func aDisplayThatIsNotTheDeadServersIsLeft() throws {
        let server = try dead()
        for (note, lock) in [(server, getpid()), (getpid(), getpid()), (server, 1)] {
            try makeRoom("deskroom-dead")
            DisplayNote(number: 21, server: note).write(in: parent + "/deskroom-dead")
            write("  \(lock)\n", to: ".X21-lock")
            let left = Leftovers(in: parent, x: parent)
            #expect(left.directories == 1 && left.displays == 0)
            #expect(exists(".X21-lock"))
        }
    }

    @Test func aLinkLeadsNowhere() throws {
        try makeRoom("kept")
        try FileManager.default.createSymbolicLink(
            atPath: parent + "/deskroom-link",
            withDestinationPath: parent + "/kept"
        )
        #expect(Leftovers(in: parent, x: parent).directories == 0)
        #expect(exists("kept/lock"))
    }

    @Test(arguments: ["", "20", "20 x", "x 20", "20 1", "20 0", "20 -4", "-1 20", "20 20 20"])
    func aNoteThatIsNoneIsPassedOver(_ text: String) throws {
        try makeRoom("deskroom-dead")
        write(text, to: "deskroom-dead/display")
        #expect(DisplayNote(in: parent + "/deskroom-dead") == nil)
    }
}
