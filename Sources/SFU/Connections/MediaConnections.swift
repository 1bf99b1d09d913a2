internal import IO
internal import Wire

/// The TCP connections by which media comes and goes (RFC 6544), each known by a number.
struct MediaConnections {
    /// What was counted since the Worker was made.
    private(set) var statistics = ConnectionStatistics()
    private(set) var places: ConnectionPlaces
    let memory = FrameMemory()

    private var byNumber: [UInt16: FramedSocket] = [:]
    private var numbers: [CInt: UInt16] = [:]
    /// Those whose queue has begun to fill or has emptied in this wake-up.
    private(set) var changed: [UInt16] = []
    private var blocked: Set<UInt16> = []
    private(set) var broken: [UInt16] = []

    init(_ limits: ConnectionPlaces.Limits) {
        places = ConnectionPlaces(limits)
    }

    var isEmpty: Bool { byNumber.isEmpty }
    var count: Int { byNumber.count }
    var descriptors: [CInt] { Array(numbers.keys) }

    subscript(number: UInt16) -> FramedSocket? { byNumber[number] }

    func number(of descriptor: CInt) -> UInt16? { numbers[descriptor] }

    /// Gives a connection a place; `nil` if there is none for it.
    ///
    /// - Returns: Its number, and the one to close in its favour.
    mutating func admit(
        _ socket: FramedSocket,
        isShared: Bool,
        now: Instant
    ) -> (number: UInt16, evicted: UInt16?)? {
        guard case .admitted(let number, let evicted) = places.admit(isShared ? nil : socket.peer, now: now)
        else { return nil }
        socket.setNumber(number)
        byNumber[number] = socket
        numbers[socket.descriptor] = number
        statistics.opened += 1
        return (number, evicted)
    }

    /// Takes a connection out, whose descriptor is closed once the socket is let go of.
    mutating func remove(_ number: UInt16) -> FramedSocket? {
        places.end(number)
        blocked.remove(number)
        guard let socket = byNumber.removeValue(forKey: number) else { return nil }
        numbers[socket.descriptor] = nil
        statistics.closed += 1
        statistics.datagramsDropped += socket.counters.dropped
        return socket
    }

    /// A frame was handled; returns whether its connection may stay.
    mutating func handleReceived(_ number: UInt16, isProven: Bool, now: Instant) -> Bool {
        places.handleReceived(number, isProven: isProven, now: now)
    }

    mutating func pollExpired(now: Instant) -> UInt16? { places.pollExpired(now: now) }

    // MARK: Sending

    /// Sends what goes to connections; the rest of `queue` is the port's.
    mutating func send(_ queue: borrowing TransmitQueue, now: Instant) {
        var next = 0
        let datagrams = queue.datagrams
        while next < datagrams.count {
            let destination = datagrams[next].destination
            guard let number = destination.connection else {
                next += 1
                continue
            }
            var end = next + 1
            while end < datagrams.count, datagrams[end].destination == destination { end += 1 }
            if let socket = byNumber[number], socket.peer == destination {
                socket.send(next..<end, of: queue, with: memory)
                note(socket, number, now: now)
            } else {
                statistics.datagramsDropped += end - next
            }
            next = end
        }
    }

    mutating func handleWritable(_ number: UInt16, now: Instant) {
        guard let socket = byNumber[number] else { return }
        let before = socket.waiting
        socket.handleWritable()
        if socket.waiting < before { places.handleProgress(number, now: now) }
        note(socket, number, now: now)
    }

    /// Takes note of what has become of a connection.
    mutating func note(_ socket: FramedSocket, _ number: UInt16, now: Instant) {
        if socket.isBroken, !broken.contains(number) { broken.append(number) }
        guard socket.isBlocked != blocked.contains(number) else { return }
        if socket.isBlocked { blocked.insert(number) } else { blocked.remove(number) }
        places.setStalled(number, socket.isBlocked, now: now)
        if !changed.contains(number) { changed.append(number) }
    }

    mutating func takeChanged() -> [UInt16] {
        defer { changed.removeAll(keepingCapacity: true) }
        return changed
    }

    mutating func takeBroken() -> [UInt16] {
        defer { broken.removeAll(keepingCapacity: true) }
        return broken
    }
}

/// What was counted of TCP connections.
public struct ConnectionStatistics: Hashable, Sendable {
    /// Connections that were taken, and that are over.
    public var opened = 0
    public var closed = 0
    /// Of connections that are over: what there was no room for.
    public var datagramsDropped = 0
    /// Turned away, closed in favour of others, and closed because they had not said in time what they are for.
    public var refused = 0
    public var evicted = 0
    public var strangers = 0

    public init() {}
}
