import Foundation
import Glibc
import IO
import Testing

@Suite struct DirectoryContentsTests {
    /// Two directories beside each other: one to be emptied, the other to be left alone.
    private final class Place {
        let path: String
        var inside: String { path + "/inside" }
        var outside: String { path + "/outside" }

        init() throws {
            var template = Array((NSTemporaryDirectory() + "/contents-XXXXXX").utf8CString)
            _ = mkdtemp(&template)
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            for directory in [inside, outside] { mkdir(directory, 0o700) }
            try "kept".write(toFile: outside + "/kept", atomically: false, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func empty() -> Bool {
            let descriptor = open(inside, O_RDONLY | O_DIRECTORY)
            defer { close(descriptor) }
            return DirectoryContents.delete(in: descriptor)
        }

        var left: [String] { (try? FileManager.default.contentsOfDirectory(atPath: inside)) ?? ["?"] }
        var isOutsideAsBefore: Bool {
            (try? FileManager.default.contentsOfDirectory(atPath: outside)) == ["kept"]
                && (try? String(contentsOfFile: outside + "/kept", encoding: .utf8)) == "kept"
        }
    }

    @Test func everythingIsDeletedOfWhateverKind() throws {
        let place = try Place()
        try FileManager.default.createDirectory(
            atPath: place.inside + "/a/b/c",
            withIntermediateDirectories: true
        )
        for number in 0..<3_000 { close(open(place.inside + "/a/\(number)", O_CREAT | O_WRONLY, 0o600)) }
        mkfifo(place.inside + "/a/b/pipe", 0o600)
        close(open(place.inside + "/.hidden", O_CREAT | O_WRONLY, 0))
        // A name that is no text.
        let odd = Array(place.inside.utf8CString.dropLast()) + [0x2f, CChar(bitPattern: 0xff), 0x0a, 0]
        #expect(mkdir(odd, 0o700) == 0)
        #expect(place.empty())
        #expect(place.left == [] && place.isOutsideAsBefore)
        #expect(place.empty(), "and nothing is left to do")
    }

    @Test func whatLinksLeadToIsLeftAlone() throws {
        let place = try Place()
        mkdir(place.inside + "/a", 0o700)
        symlink(place.outside, place.inside + "/directory")
        symlink(place.outside + "/kept", place.inside + "/a/file")
        symlink("../../outside", place.inside + "/a/relative")
        link(place.outside + "/kept", place.inside + "/hard")
        symlink("/", place.inside + "/root")
        #expect(place.empty())
        #expect(place.left == [] && place.isOutsideAsBefore)
    }

    @Test func directoriesMayBeDeepAndClosed() throws {
        let place = try Place()
        var parent = open(place.inside, O_RDONLY | O_DIRECTORY)
        for _ in 0..<1_500 {
            mkdirat(parent, "deeper", 0o700)
            let next = openat(parent, "deeper", O_RDONLY | O_DIRECTORY)
            close(parent)
            parent = next
        }
        mkdirat(parent, "closed", 0)
        close(parent)
        mkdir(place.inside + "/locked", 0o700)
        mkdir(place.inside + "/locked/in", 0o700)
        chmod(place.inside + "/locked/in", 0)
        chmod(place.inside + "/locked", 0)
        chmod(place.inside, 0o555)
        #expect(place.empty())
        #expect(place.left == [] && place.isOutsideAsBefore)
    }

    @Test func namesThatAreUsedForMovingMayBeTaken() throws {
        let place = try Place()
        for number in 1...20 {
            mkdir(place.inside + "/.deleted-\(number)", 0o700)
            mkdir(place.inside + "/.deleted-\(number)/.deleted-\(number)", 0o700)
            close(open(place.inside + "/.deleted-\(number)/x", O_CREAT | O_WRONLY, 0o600))
        }
        #expect(place.empty())
        #expect(place.left == [])
    }

    @Test func whatIsNoDirectoryIsLeftAlone() throws {
        let place = try Place()
        let file = open(place.outside + "/kept", O_RDONLY)
        #expect(!DirectoryContents.delete(in: file))
        close(file)
        #expect(!DirectoryContents.delete(in: -1))
        #expect(place.isOutsideAsBefore)
    }
}
