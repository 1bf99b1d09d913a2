/// What the keeper tells the room: one message of their link.
///
/// Both ends are the same binary, so there are no versions: a byte for what it is, and what belongs to it.
package enum KeeperWord: Hashable, Sendable {
    /// A desk process is started; the room's end of the link with it comes with the message.
    case desk
    /// A program of the desk has ended, and is started again.
    case restarted(String)

    /// `nil` if it is none.
    package init?(_ bytes: [UInt8]) {
        switch bytes.first {
        case 0x01 where bytes.count == 1: self = .desk
        case 0x02 where bytes.count > 1 && bytes.count <= Self.maximumLength:
            guard let name = String(validating: bytes.dropFirst(), as: UTF8.self) else { return nil }
            self = .restarted(name)
        default: return nil
        }
    }

    /// The name of a program is cut to what there is room for.
    package var bytes: [UInt8] {
        switch self {
        case .desk: return [0x01]
        case .restarted(var name):
            while name.utf8.count >= Self.maximumLength { name.removeLast() }
            return [0x02] + name.utf8
        }
    }

    package static let maximumLength = 128
}

/// What the room tells the keeper: a message of one byte.
package enum RoomWord: UInt8, CaseIterable, Sendable {
    /// Its settings are good, and it takes links with the desk from now on.
    case begun = 0x01
    /// It has printed its address.
    case ready = 0x02
    /// The desk process is stuck, and has to be killed.
    case cutOff = 0x03
    /// The session is over: the desk ends, and the room after it has told whoever wants to know.
    case over = 0x04

    /// `nil` if it is none.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 1, let word = RoomWord(rawValue: bytes[0]) else { return nil }
        self = word
    }
}
