package import Wire

/// Messages not yet sent, stream by stream.
///
/// Streams take turns message by message. A message that has begun is finished first: its fragments have
/// consecutive TSNs (RFC 9260 §6.9).
package struct SendQueue: Sendable {
    package struct Fragment: Sendable {
        package var message: OutgoingMessage
        package var range: Range<Int>

        package init(message: OutgoingMessage, range: Range<Int>) {
            self.message = message
            self.range = range
        }
    }

    private struct Stream {
        var messages = Fifo<OutgoingMessage>()
        var bytes = 0
        var nextSequence = SequenceNumber(0)
    }

    /// Bytes queued on all streams.
    package private(set) var bytes = 0

    private var streams: [UInt16: Stream] = [:]
    /// Streams with messages, the one whose turn it is first.
    private var turns = Fifo<UInt16>()
    /// The message that has begun, and where its next fragment starts.
    private var current: (message: OutgoingMessage, offset: Int)?
    private var nextIdentifier: UInt64 = 0

    package init() {}

    package var isEmpty: Bool { current == nil && turns.isEmpty }

    package func bytes(of stream: UInt16) -> Int {
        var count = streams[stream]?.bytes ?? 0
        if let current, current.message.stream == stream {
            count += current.message.bytes.count - current.offset
        }
        return count
    }

    package func messageCount(of stream: UInt16) -> Int {
        (streams[stream]?.messages.count ?? 0) + (current?.message.stream == stream ? 1 : 0)
    }

    package mutating func append(_ message: OutgoingMessage) {
        var message = message
        message.identifier = nextIdentifier
        nextIdentifier += 1
        bytes += message.bytes.count
        let wasEmpty = streams[message.stream]?.messages.isEmpty ?? true
        streams[message.stream, default: Stream()].bytes += message.bytes.count
        streams[message.stream]?.messages.append(message)
        if wasEmpty { turns.append(message.stream) }
    }

    /// Length of the next fragment in bytes, or `nil` if nothing is queued; expired messages are dropped.
    package mutating func nextFragmentLength(maximum: Int, now: Instant) -> Int? {
        begin(now: now)
        guard let current else { return nil }
        return min(maximum, current.message.bytes.count - current.offset)
    }

    /// The next fragment; its length is what ``nextFragmentLength(maximum:now:)`` has just told.
    package mutating func popFragment(maximum: Int) -> Fragment? {
        guard let (message, offset) = current else { return nil }
        let end = min(offset + maximum, message.bytes.count)
        bytes -= end - offset
        current = end < message.bytes.count ? (message, end) : nil
        return Fragment(message: message, range: offset..<end)
    }

    /// Drops the rest of the message that has begun, if it is `identifier`; returns whether there was one.
    package mutating func dropRest(of identifier: UInt64) -> Bool {
        guard let (message, offset) = current, message.identifier == identifier else { return false }
        bytes -= message.bytes.count - offset
        current = nil
        return true
    }

    /// Drops the messages of `stream` that have not begun.
    package mutating func dropAll(on stream: UInt16) {
        bytes -= streams[stream]?.bytes ?? 0
        streams[stream]?.bytes = 0
        streams[stream]?.messages.removeAll()
        turns.removeAll { $0 == stream }
    }

    /// Numbers the messages of a stream from zero again (RFC 6525 §5.2.7).
    package mutating func resetSequence(of stream: UInt16) {
        guard streams[stream]?.messages.isEmpty ?? true else {
            streams[stream]?.nextSequence = SequenceNumber(0)
            return
        }
        streams[stream] = nil
    }

    /// Takes the next message in turn.
    private mutating func begin(now: Instant) {
        while current == nil, let stream = turns.popFirst() {
            guard var message = streams[stream]?.messages.popFirst() else { continue }
            streams[stream]?.bytes -= message.bytes.count
            if streams[stream]?.messages.isEmpty == false { turns.append(stream) }
            if let expiry = message.expiry, expiry <= now {
                bytes -= message.bytes.count
                continue
            }
            if !message.isUnordered {
                let next = streams[stream]?.nextSequence ?? SequenceNumber(0)
                message.streamSequence = next
                streams[stream]?.nextSequence = next.advanced(by: 1)
            }
            current = (message, 0)
        }
    }
}
