package import Wire

/// Puts fragments together to messages and messages in order (RFC 9260 §6.5, §6.6, §6.9).
package struct ReassemblyQueue: Sendable {
    package struct Message: Hashable, Sendable {
        package var stream: UInt16
        package var payloadProtocol: UInt32
        package var bytes: [UInt8]
    }

    /// A message is longer than the maximum.
    package struct MessageTooLong: Error, Hashable, Sendable {}

    private struct Fragment {
        var data: SCTPData
        var bytes: [UInt8]
    }

    private struct Stream {
        var next = SequenceNumber(0)
        /// Complete messages ahead of their turn, ascending.
        var waiting: [(sequence: SequenceNumber, message: Message)] = []
    }

    /// What fragments and messages ahead of their turn take, in bytes, with what it costs to keep each.
    package private(set) var bytes = 0

    private let maximumMessageSize: Int
    /// Fragments of incomplete messages, in the order of their TSNs.
    private var fragments: [Fragment] = []
    private var streams: [UInt16: Stream] = [:]
    private var ready = Fifo<Message>()

    package init(maximumMessageSize: Int) {
        self.maximumMessageSize = maximumMessageSize
    }

    /// The next message in the order of delivery.
    package mutating func popMessage() -> Message? { ready.popFirst() }

    /// Takes a fragment that has not been inserted before.
    package mutating func insert(_ data: SCTPData, _ userData: RawSpan) throws(MessageTooLong) {
        guard userData.byteCount <= maximumMessageSize else { throw MessageTooLong() }
        let fragment = Fragment(data: data, bytes: userData.withUnsafeBytes { [UInt8]($0) })
        guard !(data.isBeginning && data.isEnding) else {
            complete(
                Message(stream: data.stream, payloadProtocol: data.payloadProtocol, bytes: fragment.bytes),
                data
            )
            return
        }
        var index = fragments.count
        while index > 0, fragments[index - 1].data.tsn.isNewer(than: data.tsn) { index -= 1 }
        fragments.insert(fragment, at: index)
        bytes += fragment.bytes.count + Self.overhead
        try assemble(around: index)
    }

    /// Drops what is incomplete up to `cumulative` (RFC 3758 §3.6).
    package mutating func skip(through cumulative: TSN) {
        let count = fragments.firstIndex { $0.data.tsn.isNewer(than: cumulative) } ?? fragments.count
        remove(0..<count)
    }

    /// Delivers what waits on a stream up to the skipped number and goes on behind it.
    package mutating func skip(_ skip: SCTPForwardTSN.Skip) {
        var stream = streams[skip.stream, default: Stream()]
        guard stream.next.distance(to: skip.streamSequence) >= 0 else { return }
        while let first = stream.waiting.first, skip.streamSequence.distance(to: first.sequence) <= 0 {
            deliverFirst(of: &stream)
        }
        stream.next = skip.streamSequence.advanced(by: 1)
        deliverNext(of: &stream)
        streams[skip.stream] = stream
    }

    /// Expects message number zero next on these streams, on all if there is none (RFC 6525 §5.2.2).
    package mutating func reset(_ reset: [UInt16]) {
        for stream in reset.isEmpty ? Array(streams.keys) : reset {
            for waiting in streams[stream]?.waiting ?? [] {
                bytes -= waiting.message.bytes.count + Self.overhead
            }
            streams[stream] = nil
        }
    }

    // MARK: Steps

    /// Joins the message whose fragment lies at `index`, if it is complete.
    private mutating func assemble(around index: Int) throws(MessageTooLong) {
        var first = index
        while !fragments[first].data.isBeginning, first > 0, joins(first - 1, first) { first -= 1 }
        var last = index
        while !fragments[last].data.isEnding, last + 1 < fragments.count, joins(last, last + 1) { last += 1 }
        let length = fragments[first...last].reduce(0) { $0 + $1.bytes.count }
        guard length <= maximumMessageSize else { throw MessageTooLong() }
        guard fragments[first].data.isBeginning, fragments[last].data.isEnding else { return }
        let data = fragments[first].data
        var joined: [UInt8] = []
        joined.reserveCapacity(length)
        for fragment in fragments[first...last] { joined.append(contentsOf: fragment.bytes) }
        remove(first..<(last + 1))
        complete(Message(stream: data.stream, payloadProtocol: data.payloadProtocol, bytes: joined), data)
    }

    /// Whether two neighbours are consecutive fragments of one message.
    private func joins(_ index: Int, _ next: Int) -> Bool {
        let (one, other) = (fragments[index].data, fragments[next].data)
        return one.tsn.advanced(by: 1) == other.tsn && one.stream == other.stream && !one.isEnding
            && !other.isBeginning && one.isUnordered == other.isUnordered
            && (one.isUnordered || one.streamSequence == other.streamSequence)
    }

    private mutating func complete(_ message: Message, _ data: SCTPData) {
        guard !data.isUnordered else {
            ready.append(message)
            return
        }
        var stream = streams[data.stream] ?? Stream()
        let distance = stream.next.distance(to: data.streamSequence)
        if distance == 0, stream.waiting.isEmpty {
            streams[data.stream, default: stream].next = stream.next.advanced(by: 1)
            ready.append(message)
            return
        }
        // Behind: a number used twice, or one that has been skipped.
        guard distance >= 0 else { return }
        var index = stream.waiting.count
        while index > 0, stream.waiting[index - 1].sequence.isNewer(than: data.streamSequence) { index -= 1 }
        guard index == 0 || stream.waiting[index - 1].sequence != data.streamSequence else { return }
        stream.waiting.insert((data.streamSequence, message), at: index)
        bytes += message.bytes.count + Self.overhead
        deliverNext(of: &stream)
        streams[data.stream] = stream
    }

    private mutating func deliverNext(of stream: inout Stream) {
        while let first = stream.waiting.first, first.sequence == stream.next {
            stream.next = stream.next.advanced(by: 1)
            deliverFirst(of: &stream)
        }
    }

    private mutating func deliverFirst(of stream: inout Stream) {
        let message = stream.waiting.removeFirst().message
        bytes -= message.bytes.count + Self.overhead
        ready.append(message)
    }

    private mutating func remove(_ range: Range<Int>) {
        for fragment in fragments[range] { bytes -= fragment.bytes.count + Self.overhead }
        fragments.removeSubrange(range)
    }

    /// What it costs to keep one fragment or message beside its bytes.
    package static let overhead = 64
}
