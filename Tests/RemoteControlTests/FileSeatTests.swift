import Foundation
import Glibc
import IO
import RemoteControl
import TestSupport
import Testing
import Wire

/// The folder on the desk on a real disk, and a room that puts files there and takes some.
@Suite(.serialized, .timeLimit(.minutes(1))) struct FileSeatTests {
    private static let key = FileKey(high: 7, low: 8)
    private static let block = FileDigest.block

    private let folder: URL
    private let room: Room
    private let seat: FileSeat

    /// The room's end of the link.
    private final class Room {
        private let link: SeqPacketSocket
        private var buffer = [UInt8](repeating: 0, count: FileMessage.maximumLength + 1)
        private var waiting: [FileMessage] = []

        init(_ link: consuming SeqPacketSocket) { self.link = link }

        func send(_ message: FileMessage) {
            let bytes = message.encoded()
            while !link.send(bytes.span.bytes) { usleep(1_000) }
        }

        private func poll() -> FileMessage? {
            var span = buffer.mutableSpan
            var memory = span.mutableBytes
            guard case .message(let count) = link.receive(into: &memory) else { return nil }
            let bytes = Array(buffer.prefix(count))
            return try? FileMessage(parsing: bytes.span.bytes)
        }

        /// The first message that `matches` says something of, among those to come.
        func next<Found>(_ matches: (FileMessage) -> Found?) -> Found? {
            for _ in 0..<20_000 {
                guard let message = poll() else {
                    usleep(1_000)
                    continue
                }
                if let found = matches(message) { return found }
            }
            return nil
        }

        func outcome() -> (FileOutcome, String)? {
            next { if case .outcome(_, let outcome, let name) = $0 { (outcome, name) } else { nil } }
        }

        func ready() -> UInt64? { next { if case .ready(_, let offset) = $0 { offset } else { nil } } }

        /// Sends blocks of a file from `offset` on; returns the digest of the whole.
        func send(_ content: [UInt8], from offset: Int = 0, upTo end: Int? = nil) -> FileDigest {
            var digest = FileDigest.empty
            for start in stride(from: 0, to: content.count, by: FileDigest.block) {
                let block = Array(content[start..<min(start + FileDigest.block, content.count)])
                digest = digest.adding(FileDigest(of: block))
                guard start >= offset, start < end ?? content.count else { continue }
                for place in stride(from: 0, to: block.count, by: FileMessage.maximumPieceLength) {
                    let piece = Array(block[place..<min(place + FileMessage.maximumPieceLength, block.count)])
                    send(.piece(1, offset: UInt64(start + place), stamp: 0, piece))
                }
                send(.block(1, end: UInt64(start + block.count), FileDigest(of: block)))
                // The link is not to be filled from both ends.
                _ = next {
                    if case .confirmed(_, UInt64(start + block.count), false) = $0 { true } else { nil }
                }
            }
            return digest
        }
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)")
        var end: SeqPacketSocket?
        seat = try FileSeat(folder: folder.path, link: try SeqPacketSocket(pairedWith: &end))
        guard let end = end.take() else { throw SystemError(number: 0) }
        room = Room(end)
        seat.start()
        room.send(.policy(FilePolicy(.all, limit: 4_000_000, total: 5_000_000)))
    }

    private func finish() async {
        await seat.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    private func content(of name: String) -> [UInt8]? {
        (try? Data(contentsOf: folder.appendingPathComponent(name))).map { Array($0) }
    }

    private func write(_ content: [UInt8], as name: String) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(content).write(to: folder.appendingPathComponent(name))
    }

    private static func made(_ count: Int) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(count))
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private func put(_ size: Int, _ name: String, key: FileKey = key) {
        room.send(.put(1, .init(size: UInt64(size), key: key, name: name)))
    }

    // MARK: Up

    @Test func keepsAFileUnderItsNameOnceItIsWhole() async {
        let content = Self.made(600_001)
        for name in ["a.txt", "a (2).txt"] {
            put(content.count, "../a.txt")
            #expect(room.ready() == 0)
            #expect(names.filter { $0.hasSuffix(".part") }.count == 1)
            let digest = room.send(content)
            #expect(!names.contains(name))
            room.send(.end(1, size: UInt64(content.count), digest))
            #expect(room.outcome() ?? (.broken, "") == (.done, name))
            #expect(self.content(of: name)?.elementsEqual(content) == true)
        }
        #expect(names == ["a (2).txt", "a.txt"])
        await finish()
    }

    @Test func keepsAnEmptyFile() async {
        put(0, "a")
        #expect(room.ready() == 0)
        room.send(.end(1, size: 0, .empty))
        #expect(room.outcome() ?? (.broken, "") == (.done, "a"))
        #expect(content(of: "a") == [])
        await finish()
    }

    @Test func goesOnFromTheLastBlockThatWasConfirmed() async {
        let content = Self.made(3 * Self.block)
        put(content.count, "a")
        #expect(room.ready() == 0)
        _ = room.send(content, upTo: 2 * Self.block)
        room.send(.piece(1, offset: UInt64(2 * Self.block), stamp: 0, [1, 2, 3]))
        room.send(.cancel(1, isForNow: true))
        // Another file's key is another file.
        put(content.count, "b", key: FileKey(high: 7, low: 9))
        #expect(room.ready() == 0)
        room.send(.cancel(1, isForNow: false))
        put(content.count, "a")
        #expect(room.ready() == UInt64(2 * Self.block))
        let digest = room.send(content, from: 2 * Self.block)
        room.send(.end(1, size: UInt64(content.count), digest))
        #expect(room.outcome() ?? (.broken, "") == (.done, "a"))
        #expect(self.content(of: "a")?.elementsEqual(content) == true)
        #expect(names == ["a"])
        await finish()
    }

    @Test func asksForABlockAgainThatIsNotWhatWasAnnounced() async {
        let content = Self.made(100)
        put(100, "a")
        #expect(room.ready() == 0)
        room.send(.piece(1, offset: 0, stamp: 0, [UInt8](repeating: 0, count: 100)))
        room.send(.block(1, end: 100, FileDigest(of: content)))
        let again: UInt64? = room.next {
            if case .confirmed(_, let offset, true) = $0 { offset } else { nil }
        }
        #expect(again == 0)
        let digest = room.send(content)
        room.send(.end(1, size: 100, digest))
        #expect(room.outcome() ?? (.broken, "") == (.done, "a"))
        await finish()
    }

    @Test func keepsNothingWhoseDigestIsAnother() async {
        put(100, "a")
        #expect(room.ready() == 0)
        _ = room.send(Self.made(100))
        room.send(.end(1, size: 100, FileDigest(of: [1])))
        #expect(room.outcome()?.0 == .broken)
        #expect(names.isEmpty)
        await finish()
    }

    @Test func refusesWhatDoesNotFit() async throws {
        put(4_000_001, "a")
        #expect(room.outcome()?.0 == .tooLarge)
        try write(Self.made(2_000_000), as: "there")
        put(3_000_001, "a")
        #expect(room.outcome()?.0 == .folderFull)
        // More than was announced.
        put(10, "a")
        #expect(room.ready() == 0)
        room.send(.piece(1, offset: 0, stamp: 0, [UInt8](repeating: 0, count: 11)))
        #expect(room.outcome()?.0 == .broken)
        #expect(names == ["there"])
        await finish()
    }

    @Test func saysThatTheFolderCannotBeMade() async throws {
        try Data([1]).write(to: folder)
        put(10, "a")
        #expect(room.outcome()?.0 == .cannotWrite)
        await finish()
    }

    @Test func removesWhatIsCancelledAndWhatIsLeftWhenTheRoomIsGone() async {
        for isCancelled in [true, false] {
            put(Self.block, "a")
            #expect(room.ready() == 0)
            #expect(names.count == 1)
            if isCancelled {
                room.send(.cancel(1, isForNow: false))
                room.send(.watch(true))
                _ = room.next { if case .listing = $0 { true } else { nil } }
            } else {
                await seat.stop()
            }
            #expect(names.isEmpty)
        }
        try? FileManager.default.removeItem(at: folder)
    }

    @Test func removesWhatADeadProcessHasLeft() async throws {
        await seat.stop()
        try write([1], as: ".deskroom-12.part")
        try write([1], as: ".deskroom-other")
        var end: SeqPacketSocket?
        let second = try FileSeat(folder: folder.path, link: try SeqPacketSocket(pairedWith: &end))
        #expect(names == [".deskroom-other"])
        second.start()
        await second.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: Down

    /// Takes a file as a page would; `nil` if it did not come whole.
    private func take(
        _ name: String,
        from offset: Int = 0,
        version: UInt64 = 0,
        of content: [UInt8] = []
    ) -> [UInt8]? {
        room.send(.take(2, .init(version: version, offset: UInt64(offset), name: name)))
        var got = Array(content.prefix(offset))
        var digest = FileDigest.empty
        for start in stride(from: 0, to: offset, by: Self.block) {
            digest = digest.adding(FileDigest(of: content[start..<min(start + Self.block, offset)]))
        }
        var start = offset
        let result: [UInt8]?? = room.next { message in
            switch message {
            case .piece(_, UInt64(got.count), _, let bytes):
                got += bytes
                room.send(.received(2, UInt64(got.count), delay: 1_000))
            case .block(_, UInt64(got.count), let announced):
                let found = FileDigest(of: got[start...])
                digest = digest.adding(found)
                start = got.count
                guard found == announced else { return .some(nil) }
                room.send(.confirmed(2, UInt64(start), isAgain: false))
            case .end(_, UInt64(got.count), digest): return .some(got)
            case .end, .outcome: return .some(nil)
            default: break
            }
            return nil
        }
        return result ?? nil
    }

    @Test func givesAFileWholeAndFromWhereItWasCut() async throws {
        let content = Self.made(3 * Self.block + 17)
        try write(content, as: "a")
        #expect(take("a")?.elementsEqual(content) == true)
        #expect(take("a", from: 2 * Self.block, of: content)?.elementsEqual(content) == true)
        #expect(take("a", from: content.count, of: content)?.elementsEqual(content) == true)
        // Where no block begins, and a version that is not there any more.
        #expect(take("a", from: 5, of: content) == nil)
        #expect(take("a", from: Self.block, version: 1, of: content) == nil)
        try write([], as: "empty")
        #expect(take("empty") == [])
        await finish()
    }

    @Test func sendsABlockAgain() async throws {
        let content = Self.made(Self.block + 5)
        try write(content, as: "a")
        room.send(.take(2, .init(name: "a")))
        var blocks = 0
        var got: [UInt8] = []
        let isDone: Bool? = room.next { message in
            switch message {
            case .piece(_, UInt64(got.count), _, let bytes):
                got += bytes
                room.send(.received(2, UInt64(got.count), delay: 1_000))
            case .block(_, let end, _):
                blocks += 1
                if blocks == 1 {
                    got = []
                    room.send(.confirmed(2, 0, isAgain: true))
                } else if end == UInt64(got.count) {
                    room.send(.confirmed(2, end, isAgain: false))
                }
            case .end: return got.count == content.count ? true : nil
            case .outcome: return false
            default: break
            }
            return nil
        }
        #expect(isDone == true)
        #expect(got.elementsEqual(content))
        await finish()
    }

    @Test func opensNothingButFilesOfTheFolder() async throws {
        try write([1], as: "a")
        let secret = folder.path + "-secret"
        try Data([2]).write(to: URL(fileURLWithPath: secret))
        defer { unlink(secret) }
        symlink(secret, folder.path + "/link")
        mkfifo(folder.path + "/pipe", 0o600)
        mkdir(folder.path + "/folder", 0o700)
        try write([3], as: ".hidden")
        for name in [
            "link", "pipe", "folder", ".hidden", "../" + folder.lastPathComponent + "-secret", "/etc/passwd",
            "b",
        ] {
            room.send(.take(2, .init(name: name)))
            #expect(room.outcome()?.0 == .notThere, "\(name)")
        }
        room.send(.watch(true))
        let listing: FileListing? = room.next { if case .listing(let listing) = $0 { listing } else { nil } }
        #expect(listing?.entries.map(\.name) == ["a"])
        #expect(listing?.entries.first?.size == 1)
        await finish()
    }

    @Test func servesNothingBehindALinkInTheFoldersPlace() async throws {
        let other = folder.path + "-other"
        mkdir(other, 0o700)
        defer { try? FileManager.default.removeItem(atPath: other) }
        try Data([1]).write(to: URL(fileURLWithPath: other + "/a"))
        symlink(other, folder.path)
        room.send(.take(2, .init(name: "a")))
        #expect(room.outcome()?.0 == .notThere)
        put(1, "b")
        #expect(room.outcome()?.0 == .cannotWrite)
        await finish()
    }

    @Test func saysThatAFileWasChangedWhileItWasSent() async throws {
        let content = Self.made(2 * Self.block)
        try write(content, as: "a")
        room.send(.take(2, .init(name: "a")))
        let isThere: Bool? = room.next { if case .piece = $0 { true } else { nil } }
        #expect(isThere == true)
        try Data([1]).write(to: folder.appendingPathComponent("a"), options: [])
        room.send(.received(2, UInt64(FileMessage.maximumPieceLength), delay: 1))
        let outcome: FileOutcome? = room.next { message in
            switch message {
            case .piece(_, let offset, _, let bytes):
                room.send(.received(2, offset + UInt64(bytes.count), delay: 1))
                return nil
            case .outcome(_, let outcome, _): return outcome
            default: return nil
            }
        }
        #expect(outcome == .changed)
        await finish()
    }

    @Test func tellsTheListAnewWhenItChanges() async throws {
        try write([1], as: "a")
        room.send(.watch(true))
        #expect(room.next { if case .listing(let listing) = $0 { listing.entries.count } else { nil } } == 1)
        try write([1, 2], as: "b")
        #expect(
            room.next {
                if case .listing(let listing) = $0 { listing.entries.map { Int($0.size) } } else { nil }
            } == [1, 2]
        )
        await finish()
    }
}
