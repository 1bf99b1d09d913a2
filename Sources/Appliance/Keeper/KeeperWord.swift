/// What the keeper tells the room: one message of their link.
///
/// Both ends are the same binary, so there are no versions: a byte for what it is, and what belongs to it.
package enum KeeperWord: Hashable, Sendable {
    /// A desk process is started; the room's end of the link with it comes with the message.
    case desk
    /// A program of the desk has ended, and is started again.
    case restarted(ProgramRestart)
    /// How a program of the shelf does.
    case activity(UInt8, ActivityState)
    /// The desk is being reset; the number is of the room that asked.
    case resetting(UInt8)
    /// The desk was reset.
    case reset(UInt8, DeskReset)

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
        case 0x03 where bytes.count == 4:
            guard bytes[1] < Shelf.most, let state = ActivityState(bytes[2], bytes[3]) else { return nil }
            self = .activity(bytes[1], state)
        case 0x04 where bytes.count == 2: self = .resetting(bytes[1])
        case 0x05 where bytes.count == 7:
            guard let home = DeskReset.Home(rawValue: bytes[2]) else { return nil }
            let (ended, left) = (
                UInt16(bytes[3]) << 8 | UInt16(bytes[4]), UInt16(bytes[5]) << 8 | UInt16(bytes[6])
            )
            self = .reset(bytes[1], DeskReset(ended: ended, left: left, home: home))
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
        case .activity(let number, let state): return [0x03, number] + state.bytes
        case .resetting(let number): return [0x04, number]
        case .reset(let number, let reset):
            return [
                0x05, number, reset.home.rawValue, UInt8(reset.ended >> 8),
                UInt8(truncatingIfNeeded: reset.ended),
                UInt8(reset.left >> 8), UInt8(truncatingIfNeeded: reset.left),
            ]
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

/// What the room tells the keeper: a message of one byte, or of two, whose second is a number.
package enum RoomWord: Hashable, Sendable {
    /// Its settings are good, and it takes links with the desk from now on.
    case begun
    /// It has printed its address.
    case ready
    /// The desk process is stuck, and has to be killed.
    case cutOff
    /// The session is over: the desk ends, and the room after it has told whoever wants to know.
    case over
    /// A program of the shelf is to be started, or to end.
    case start(UInt8)
    case stop(UInt8)
    /// The desk is to be reset; by this number the room knows the outcome.
    case reset(UInt8)

    /// `nil` if it is none.
    package init?(_ bytes: [UInt8]) {
        switch (bytes.first, bytes.count) {
        case (0x01, 1): self = .begun
        case (0x02, 1): self = .ready
        case (0x03, 1): self = .cutOff
        case (0x04, 1): self = .over
        case (0x10, 2) where bytes[1] < Shelf.most: self = .start(bytes[1])
        case (0x11, 2) where bytes[1] < Shelf.most: self = .stop(bytes[1])
        case (0x12, 2): self = .reset(bytes[1])
        default: return nil
        }
    }

    package var bytes: [UInt8] {
        switch self {
        case .begun: [0x01]
        case .ready: [0x02]
        case .cutOff: [0x03]
        case .over: [0x04]
        case .start(let number): [0x10, number]
        case .stop(let number): [0x11, number]
        case .reset(let number): [0x12, number]
        }
    }
}
