import WebRTC
import Wire

/// Two ends of data channels with a path between them that loses, delays, repeats and reorders, on a virtual
/// clock.
struct VirtualLink {
    enum Side: Hashable, Sendable {
        case client, server

        var other: Self { self == .client ? .server : .client }
    }

    /// What happens to packets, in both directions.
    struct Path: Sendable {
        var delay = Interval.milliseconds(20)
        /// Up to so much more, evenly spread: reorders what is sent together.
        var jitter = Interval.zero
        /// Probabilities.
        var loss = 0.0
        var duplication = 0.0
    }

    var path: Path
    var client: DataChannels
    var server: DataChannels
    var now = Instant(nanoseconds: 1_000_000_000)
    /// Events not looked at yet.
    var events: [Side: [DataChannels.Event]] = [.client: [], .server: []]
    /// Drops a packet sent by a side, if it returns true.
    var drops: ((Side, [UInt8]) -> Bool)?
    /// Packets sent by a side, counted.
    var sent: [Side: Int] = [:]
    /// A side that does not take its events.
    var sleeper: Side?

    private var random: RandomSource
    private var underWay: [(at: Instant, order: Int, to: Side, bytes: [UInt8])] = []
    private var order = 0

    init(
        seed: UInt64 = 1,
        path: Path = Path(),
        maximumMessageSize: Int = 262_144,
        remoteMaximumMessageSize: Int = 262_144
    ) {
        random = RandomSource(seed: seed)
        self.path = path
        client = DataChannels(
            isDTLSClient: true,
            maximumMessageSize: maximumMessageSize,
            remoteMaximumMessageSize: remoteMaximumMessageSize,
            using: &random
        )
        server = DataChannels(
            isDTLSClient: false,
            maximumMessageSize: maximumMessageSize,
            remoteMaximumMessageSize: remoteMaximumMessageSize,
            using: &random
        )
    }

    /// A link whose ends are connected, with the events of that taken.
    static func connected(seed: UInt64 = 1, path: Path = Path()) -> VirtualLink {
        var link = VirtualLink(seed: seed)
        link.client.connect(now: link.now)
        link.run(for: .seconds(1))
        link.path = path
        link.events = [.client: [], .server: []]
        return link
    }

    subscript(side: Side) -> DataChannels {
        get { side == .client ? client : server }
        set { if side == .client { client = newValue } else { server = newValue } }
    }

    /// Lets time pass.
    mutating func run(for interval: Interval) {
        let end = now + interval
        while true {
            flush(.client)
            flush(.server)
            var next = end
            if let first = underWay.first { next = min(next, first.at) }
            for side in [Side.client, .server] {
                if let deadline = self[side].pollTimeout() { next = min(next, max(deadline, now)) }
            }
            guard next < end || underWay.first?.at == end else { break }
            now = next
            while let first = underWay.first, first.at <= now {
                underWay.removeFirst()
                deliver(first.bytes, to: first.to)
            }
            for side in [Side.client, .server] {
                if let deadline = self[side].pollTimeout(), deadline <= now { handleTimeout(side) }
            }
        }
        now = end
    }

    /// Sends a message, waiting for room as long as it takes.
    mutating func send(_ bytes: [UInt8], isBinary: Bool = true, on stream: UInt16, from side: Side) throws {
        while true {
            do {
                switch side {
                case .client: try client.send(bytes.span.bytes, isBinary: isBinary, on: stream, now: now)
                case .server: try server.send(bytes.span.bytes, isBinary: isBinary, on: stream, now: now)
                }
                return
            } catch DataChannelError.bufferFull {
                run(for: .milliseconds(50))
            }
        }
    }

    /// Opens a channel from `side` and returns its stream.
    mutating func open(_ parameters: DataChannelParameters, from side: Side = .client) throws -> UInt16 {
        switch side {
        case .client: try client.open(parameters, now: now)
        case .server: try server.open(parameters, now: now)
        }
    }

    /// Takes the messages out of a side's events.
    mutating func takeMessages(_ side: Side) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        events[side]?.removeAll {
            guard case .message(_, _, let bytes) = $0 else { return false }
            messages.append(bytes)
            return true
        }
        return messages
    }

    /// Takes all of a side's events.
    mutating func takeEvents(_ side: Side) -> [DataChannels.Event] {
        defer { events[side] = [] }
        return events[side] ?? []
    }

    /// Hands a packet to a side as if the other had sent it.
    mutating func deliver(_ bytes: [UInt8], to side: Side) {
        switch side {
        case .client: client.handle(bytes.span.bytes, now: now)
        case .server: server.handle(bytes.span.bytes, now: now)
        }
        drain(side)
    }

    /// Takes the events a sleeper has left.
    mutating func drain(_ side: Side) {
        guard side != sleeper else { return }
        switch side {
        case .client: while let event = client.pollEvent() { events[.client]?.append(event) }
        case .server: while let event = server.pollEvent() { events[.server]?.append(event) }
        }
    }

    private mutating func handleTimeout(_ side: Side) {
        switch side {
        case .client: client.handleTimeout(now: now)
        case .server: server.handleTimeout(now: now)
        }
        drain(side)
    }

    private mutating func flush(_ side: Side) {
        while let bytes = side == .client ? client.nextPacket(now: now) : server.nextPacket(now: now) {
            sent[side, default: 0] += 1
            if drops?(side, bytes) == true { continue }
            guard Double.random(in: 0..<1, using: &random) >= path.loss else { continue }
            enqueue(bytes, to: side.other)
            if Double.random(in: 0..<1, using: &random) < path.duplication { enqueue(bytes, to: side.other) }
        }
        drain(side)
    }

    private mutating func enqueue(_ bytes: [UInt8], to side: Side) {
        let extra = Int64.random(in: 0...max(path.jitter.nanoseconds, 0), using: &random)
        let at = now + path.delay + Interval(nanoseconds: extra)
        let index = underWay.lastIndex { $0.at <= at }.map { $0 + 1 } ?? 0
        underWay.insert((at, order, side, bytes), at: index)
        order += 1
    }
}

extension DataChannels {
    /// The next packet as an array.
    mutating func nextPacket(now: Instant) -> [UInt8]? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.maximumPacketLength, alignment: 8)
        defer { buffer.deallocate() }
        var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
        let isPacket = pollPacket(now: now, into: &out)
        let count = out.finalize(for: buffer)
        return isPacket ? [UInt8](buffer[..<count]) : nil
    }
}

extension SplitMix64 {
    mutating func bytes(count: Int) -> [UInt8] {
        (0..<count).map { _ in .random(in: .min ... .max, using: &self) }
    }
}
