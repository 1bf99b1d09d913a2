internal import WebRTC
internal import Wire

/// Where the encodings that a plain transport receives from this machine come from, each from a port of its own.
///
/// A source is learnt from its encoding's first packet. A packet of it from elsewhere is taken only once the source has
/// been silent. With a key, a source is whoever sends a report whose CNAME is the key (RFC 3550 §6.5.1), and nothing
/// else is taken.
struct PlainSources {
    /// Where an encoding comes from, and where feedback about it goes.
    struct Source {
        var stream: RTPStream
        var address: SocketAddress
        var lastHeard: Instant
    }

    private(set) var all: [Source] = []
    private let key: [UInt8]?

    init(key: String?) { self.key = key.map { Array($0.utf8) } }

    /// Whether a compound packet carries the key, if there is one.
    func hasKey(_ compound: RawSpan) -> Bool {
        guard let key else { return true }
        var packets = RTCPPackets()
        while let element = try? packets.next(in: compound) {
            if SourceDescription.isNamed(key, element, in: compound) { return true }
        }
        return false
    }

    /// Whether RTP, or a report without a key, may be that source's.
    func mayCome(_ stream: RTPStream, from source: SocketAddress, now: Instant) -> Bool {
        guard let known = all.first(where: { $0.stream === stream }) else { return key == nil }
        return known.address == source || key == nil && now - known.lastHeard >= Self.silence
    }

    /// Whether a report that has the key may be that source's.
    func mayReport(_ stream: RTPStream, from source: SocketAddress, now: Instant) -> Bool {
        key != nil || mayCome(stream, from: source, now: now)
    }

    mutating func note(_ stream: RTPStream, _ source: SocketAddress, now: Instant) {
        guard let index = all.firstIndex(where: { $0.stream === stream }) else {
            all.append(Source(stream: stream, address: source, lastHeard: now))
            return
        }
        all[index].lastHeard = now
        if all[index].address != source { all[index].address = source }
    }

    mutating func remove(_ producer: Producer) {
        all.removeAll { source in producer.streams.contains { $0 === source.stream } }
    }

    mutating func removeAll() { all.removeAll() }

    private static let silence = Interval.milliseconds(100)
}
