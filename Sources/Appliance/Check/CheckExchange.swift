package import SFU
internal import Wire

/// What the room answers to the data channels of one test, and how many bytes that may be.
///
/// On `echo` each short message comes back. On `load` the text `down` has the room send for two seconds, and what comes
/// between the texts `up` and `end` is counted; each once a test. Nothing that arrives is kept, and never more is sent than
/// the limit says.
package struct CheckExchange: Sendable {
    package enum Answer: Hashable, Sendable {
        /// The test has had all that there is for it.
        case end
        /// Bytes to send, in all.
        case load(Int)
        case none
        case send([UInt8], isBinary: Bool)
    }

    /// Bytes that may still come, and be sent.
    package private(set) var incoming = Self.mostBytes
    package private(set) var outgoing = Self.mostBytes
    private var hasSentLoad = false
    private var counted: (bytes: Int, first: Instant?, last: Instant?)?
    private var hasCounted = false

    package init() {}

    package mutating func handle(_ message: DataMessage, on label: String) -> Answer {
        incoming -= max(message.bytes.count, Self.leastCost)
        guard incoming >= 0 else { return .end }
        switch label {
        case "echo": return echo(message)
        case "load": return message.isBinary ? count(message) : command(message)
        default: return .none
        }
    }

    private mutating func echo(_ message: DataMessage) -> Answer {
        guard message.bytes.count <= Self.longestEcho, outgoing >= Self.leastCost else { return .none }
        outgoing -= max(message.bytes.count, Self.leastCost)
        return .send(message.bytes, isBinary: message.isBinary)
    }

    private mutating func command(_ message: DataMessage) -> Answer {
        switch String(decoding: message.bytes, as: UTF8.self) {
        case "down" where !hasSentLoad:
            hasSentLoad = true
            let bytes = min(outgoing, Self.mostLoad)
            outgoing -= bytes
            return .load(bytes)
        case "up" where !hasCounted:
            counted = (0, nil, nil)
            return .none
        case "end":
            guard let counted else { return .none }
            self.counted = nil
            hasCounted = true
            var milliseconds: Int64 = 0
            if let first = counted.first, let last = counted.last {
                milliseconds = (last - first).nanoseconds / 1_000_000
            }
            let text = #"{"bytes":\#(counted.bytes),"milliseconds":\#(milliseconds)}"#
            return .send(Array(text.utf8), isBinary: false)
        default: return .none
        }
    }

    private mutating func count(_ message: DataMessage) -> Answer {
        guard counted != nil else { return .none }
        // The first one begins the time, and is none of what came in it.
        if counted?.first == nil {
            counted?.first = message.received
        } else {
            counted?.bytes += message.bytes.count
        }
        counted?.last = message.received
        return .none
    }

    /// Each way.
    package static let mostBytes = 8 << 20
    /// Two seconds at ``rate``.
    package static let mostLoad = 2 * rate / 8
    /// Bits per second at which the room sends: more than a session takes, and less than it would feel.
    package static let rate = 20_000_000
    package static let longestEcho = 256
    /// What a message costs, however short it is.
    private static let leastCost = 64
}
