internal import Wire

/// What a ``TURNConnection`` wants done; the owner does all of it after each call, and then calls ``removeAll()``.
package struct TURNOutput: Sendable {
    package enum Event: Hashable, Sendable {
        /// The connection is to be closed once ``stream`` is written: it has had its time, or speaks something else.
        case ended
        /// The allocation is over: its socket is not needed any more.
        case released
        /// Somebody who is known wants an allocation: say with ``TURNConnection/handleAllocation(_:now:into:)`` what became of it.
        ///
        /// `person` is whose quota it counts for.
        case wanted(person: String)
    }

    /// A datagram for one of the allocation's peers, by its place among them.
    package struct Datagram: Hashable, Sendable {
        package var peer: Int
        /// In ``TURNOutput/data``.
        package var range: Range<Int>
    }

    /// Bytes for the client.
    package var stream: [UInt8] = []
    package var data: [UInt8] = []
    package var datagrams: [Datagram] = []
    package var events: [Event] = []
    /// Error codes of requests that were refused.
    package var refused: [UInt16] = []
    /// Data that went nowhere, in datagrams: it was for or from somebody whom the client has not permitted, or too long.
    package var dropped = 0

    package init() {}

    package mutating func removeAll() {
        stream.removeAll(keepingCapacity: true)
        data.removeAll(keepingCapacity: true)
        datagrams.removeAll(keepingCapacity: true)
        events.removeAll()
        refused.removeAll()
        dropped = 0
    }

    mutating func append(_ datagram: RawSpan, for peer: Int) {
        let start = data.count
        datagram.appendBytes(to: &data)
        datagrams.append(Datagram(peer: peer, range: start..<data.count))
    }

    /// Appends a STUN message for the client.
    mutating func appendMessage(_ write: (inout OutputRawSpan) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: TURNFrameReader.longest, alignment: 8) { space in
            var message = OutputRawSpan(buffer: space, initializedCount: 0)
            write(&message)
            let count = message.finalize(for: space)
            stream.append(contentsOf: UnsafeRawBufferPointer(rebasing: space[..<count]))
        }
    }

    /// Appends ChannelData for the client (RFC 8656 §12.4), padded as in any stream (§12.5).
    mutating func appendChannelData(_ channel: UInt16, _ datagram: RawSpan) {
        for number in [channel, UInt16(datagram.byteCount)] {
            stream.append(UInt8(number >> 8))
            stream.append(UInt8(truncatingIfNeeded: number))
        }
        datagram.appendBytes(to: &stream)
        for _ in 0..<(-datagram.byteCount & 3) { stream.append(0) }
    }
}
