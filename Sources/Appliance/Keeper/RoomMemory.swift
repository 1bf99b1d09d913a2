internal import Foundation
package import IO
internal import Synchronization

/// What a room leaves to the one that is started after it has crashed, so that pages find it where it was, know it again and are
/// known: in a file without a name, which the keeper holds and does not read.
package final class RoomMemory: Sendable {
    package struct Content: Codable, Hashable, Sendable {
        /// The certificate that was made, with its key, in PEM.
        package var certificate: String?
        /// Of people.
        package var people: SessionMemory.Left?
        /// The port of the page, and that of metrics.
        package var port: Int?
        package var metricsPort: Int?
        /// Whether something of the desk is hidden from clients, and its sound: its windows outlive the room.
        package var isHiding = false
        package var isSilent = false
        /// The secret of the links, where the room was given no keys.
        package var secret: String?

        package init() {}
    }

    private let file: MemoryFile
    private let state: Mutex<Content>
    /// Whether a room was open before this one.
    package let isAnother: Bool
    /// The number of the last event that it told of.
    package let lastEvent: UInt64

    /// Reads what the room before has left; nothing, if that cannot be read.
    package init(_ file: consuming MemoryFile) {
        let head = file.read(16)
        let numbers = (0..<2).map { part in
            head.count < 16
                ? 0 : head[(part * 8)..<(part * 8 + 8)].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        }
        let bytes = file.read(min(Self.longest, Int(clamping: numbers[1])), at: 16)
        let content = try? JSONDecoder().decode(Content.self, from: Data(bytes))
        isAnother = content?.port != nil
        lastEvent = numbers[0]
        state = Mutex(content ?? Content())
        self.file = file
    }

    package var content: Content { state.withLock { $0 } }

    /// Changes what the next room is left.
    package func update(_ change: (inout Content) -> Void) {
        state.withLock { content in
            change(&content)
            guard let bytes = try? [UInt8](JSONEncoder().encode(content)) else { return }
            file.write(bytes, at: 16)
            file.write(Self.bytes(of: UInt64(bytes.count)), at: 8)
        }
    }

    /// An event was told of; in order.
    package func handleEvent(_ number: UInt64) { file.write(Self.bytes(of: number)) }

    private static func bytes(of number: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Bytes.
    private static let longest = 1 << 21
}
