package import Access
internal import Foundation
package import IO
package import RemoteControl
internal import Synchronization

/// What a room leaves to the one that is started after it has crashed, so that pages find it where it was, know it again and are
/// known: in a file without a name, which the keeper holds and does not read.
///
/// ```
///  0       8         16       24    64          64 + longest
///  │ event │ content │ line   │     │ content   │ content │
///             bit 63: which of the two holds, the rest: its bytes
/// ```
///
/// What changes is written beside what holds, and holds once a single word has been written: a room that is killed in between has
/// left what was there before.
package final class RoomMemory: Sendable {
    package struct Content: Codable, Hashable, Sendable {
        /// The certificate that was made, with its key, in PEM.
        package var certificate: String?
        /// Of people.
        package var people: Membership.Left?
        /// Which links are used up or withdrawn.
        package var tokens: TokenMemory?
        /// Who is to watch for now.
        package var restrictions: FloorRestrictions?
        /// The port of the page, and that of metrics.
        package var port: Int?
        package var metricsPort: Int?
        /// Whether something of the desk is hidden from clients, and its sound: its windows outlive the room.
        package var isHiding = false
        package var isSilent = false
        /// The size of the desk that was chosen last.
        package var screen: DeskSize?
        /// The secret of the links, where the room was given no keys.
        package var secret: String?

        package init() {}
    }

    private let file: MemoryFile
    private let state: Mutex<(content: Content, place: Int)>
    /// Whether a room was open before this one.
    package let isAnother: Bool
    /// The number of the last event that it told of.
    package let lastEvent: UInt64
    /// The number of the line of the chat that is written next.
    package let nextLine: Int

    /// Reads what the room before has left; nothing, if that cannot be read.
    package init(_ file: consuming MemoryFile) {
        let head = file.read(24)
        let numbers = (0..<3).map { part in
            head.count < 24
                ? 0 : head[(part * 8)..<(part * 8 + 8)].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        }
        let place = Int(numbers[1] >> 63)
        let count = min(Self.longest, Int(numbers[1] & ~Self.second))
        let bytes = file.read(count, at: Self.start(of: place))
        let content = try? JSONDecoder().decode(Content.self, from: Data(bytes))
        isAnother = content?.port != nil
        lastEvent = numbers[0]
        nextLine = Int(min(numbers[2], Self.mostLines))
        state = Mutex((content ?? Content(), place))
        self.file = file
    }

    package var content: Content { state.withLock { $0.content } }

    /// Changes what the next room is left; `false`: there is no room for that, and all is as it was before.
    @discardableResult
    package func update(_ change: (inout Content) -> Void) -> Bool {
        state.withLock { state in
            var content = state.content
            change(&content)
            guard content != state.content else { return true }
            let place = 1 - state.place
            guard let bytes = try? [UInt8](JSONEncoder().encode(content)), bytes.count <= Self.longest,
                file.write(bytes, at: Self.start(of: place)),
                file.write(Self.bytes(of: UInt64(place) << 63 | UInt64(bytes.count)), at: 8)
            else { return false }
            state = (content, place)
            return true
        }
    }

    /// An event was told of; in order.
    package func handleEvent(_ number: UInt64) { file.write(Self.bytes(of: number)) }

    /// A line of the chat was written.
    ///
    /// - Parameter next: The number of the one after it.
    package func handleLine(next: Int) { file.write(Self.bytes(of: UInt64(next)), at: 16) }

    private static func bytes(of number: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func start(of place: Int) -> Int { 64 + place * longest }

    private static let second: UInt64 = 1 << 63
    /// Pages count no further.
    private static let mostLines: UInt64 = 1 << 52
    /// Bytes: more than all that is in it, each at its own bound, so that nothing which keeps somebody out is left aside.
    private static let longest = 1 << 24
}
