/// What the keeper tells the room: one message of their link.
///
/// Both ends are the same binary, so there are no versions: a byte for what it is, and what belongs to it.
package enum KeeperWord: Hashable, Sendable {
    /// A desk process is started; the room's end of the link with it comes with the message.
    case desk
    /// A program of the desk has ended, and is started again.
    case restarted(ProgramRestart)

    /// `nil` if it is none.
    package init?(_ bytes: [UInt8]) {
        switch bytes.first {
        case 0x01 where bytes.count == 1: self = .desk
        case 0x02 where bytes.count > 2 && bytes.count <= Self.maximumLength:
            let length = Int(bytes[1])
            let (name, problem) = (bytes.dropFirst(2).prefix(length), bytes.dropFirst(2 + length))
            guard name.count == length, !name.isEmpty, let name = String(validating: name, as: UTF8.self),
                let problem = String(validating: problem, as: UTF8.self)
            else { return nil }
            self = .restarted(ProgramRestart(of: name, problem: problem.isEmpty ? nil : problem))
        default: return nil
        }
    }

    /// The name of a program, and what is said of it, are cut to what there is room for.
    package var bytes: [UInt8] {
        switch self {
        case .desk: return [0x01]
        case .restarted(let restart):
            let name = Self.cut(restart.name, to: Self.longestName)
            let problem = Self.cut(restart.problem ?? "", to: Self.maximumLength - 2 - Self.longestName)
            return [0x02, UInt8(name.utf8.count)] + name.utf8 + problem.utf8
        }
    }

    private static func cut(_ text: String, to length: Int) -> String {
        var text = text
        while text.utf8.count > length { text.removeLast() }
        return text
    }

    /// Bytes.
    private static let longestName = 126
    package static let maximumLength = 512
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
