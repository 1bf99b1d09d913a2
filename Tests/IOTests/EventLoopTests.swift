import IO
import Testing
import Wire

@Suite struct EventLoopTests {
    @Test func datagramsTimeoutsAndJobsRunOnOneThread() async throws {
        let counter = try DatagramCounter()
        counter.loop.start(counter, named: "datagrams")
        let second = Neighbour(sharing: counter.loop)
        var sender = try UDPSocket(boundTo: SocketAddress(ipv4: 0x7f00_0001, port: 0))
        var queue = TransmitQueue(capacity: 3)
        for byte in 1...3 as ClosedRange<UInt8> { queue.append(to: counter.address) { $0.append(byte) } }

        sender.flush(&queue)
        while await counter.received.count < 3 { await Task.yield() }

        #expect(await counter.received == [1, 2, 3])
        #expect(await counter.isOnLoop)
        #expect(await second.isOnLoop)
        #expect(await counter.ticks > 0)
        counter.loop.stop()
    }

    @Test func whatCanWaitIsReportedWhenCoalescingEnds() async throws {
        let waiting = try DatagramCounter(canWait: true, coalescing: .milliseconds(200))
        let urgent = try DatagramCounter(canWait: false, coalescing: .milliseconds(200))
        var sender = try UDPSocket(boundTo: SocketAddress(ipv4: 0x7f00_0001, port: 0))
        var queue = TransmitQueue(capacity: 2)
        for counter in [waiting, urgent] { queue.append(to: counter.address) { $0.append(1 as UInt8) } }
        sender.flush(&queue)
        for counter in [waiting, urgent] { counter.loop.start(counter, named: "datagrams") }

        for counter in [waiting, urgent] { while await counter.received.isEmpty { await Task.yield() } }

        let (began, ended) = (await urgent.waited, await waiting.waited)
        #expect(began < .milliseconds(200))
        #expect(ended >= .milliseconds(200))
        for counter in [waiting, urgent] { counter.loop.stop() }
    }

    @Test func anotherActorsTimerGoesOffOnTheLoopsThreadWhenItsTimeHasCome() async throws {
        let counter = try DatagramCounter()
        counter.loop.start(counter, named: "timers")
        let sleeper = Neighbour(sharing: counter.loop)
        let before = Instant.now()

        // Armed again and again, it goes off by the last word.
        await sleeper.arm(.seconds(3_600))
        await sleeper.arm(.milliseconds(30))
        while await sleeper.calls.isEmpty { await Task.yield() }

        let first = try #require(await sleeper.calls.first)
        #expect(first - before >= .milliseconds(30))
        #expect(await sleeper.wasOnLoop)
        // Once.
        let ticks = await counter.ticks
        while await counter.ticks < ticks + 5 { await Task.yield() }
        #expect(await sleeper.calls.count == 1)
        counter.loop.stop()
    }

    @Test func aTimerWakesALoopThatWouldNeverWakeAndOneThatIsDisarmedDoesNot() async throws {
        let counter = try DatagramCounter(ticks: false)
        counter.loop.start(counter, named: "timers")
        let (first, second) = (Neighbour(sharing: counter.loop), Neighbour(sharing: counter.loop))
        await first.arm(.milliseconds(1))
        await first.disarm()
        await second.arm(.milliseconds(30))
        while await second.calls.isEmpty { await Task.yield() }
        #expect(await first.calls.isEmpty)
        // From another thread.
        let (called, emit) = AsyncStream<Instant>.makeStream()
        let timer = counter.loop.makeTimer { emit.yield($0) }
        timer.arm(.now() + .milliseconds(5))
        for await _ in called { break }
        #expect(timer.deadline == nil)
        counter.loop.stop()
    }

    @Test func theThreadGoesBeforeOthersWhereThatIsAllowed() async throws {
        let counter = try DatagramCounter()
        let before = ThreadPriority.current
        let isAllowed = ThreadPriority.canRaise
        #expect(ThreadPriority.current == before)

        counter.loop.start(counter, named: "datagrams")
        while await counter.ticks == 0 { await Task.yield() }

        let niceness = await counter.niceness
        #expect(niceness == (isAllowed ? ThreadPriority.media : before))
        counter.loop.stop()
    }
}

/// Collects the first byte of each datagram sent to it, and counts milliseconds.
private actor DatagramCounter: EventLoopActor {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    nonisolated let address: SocketAddress

    private(set) var received: [UInt8] = []
    private(set) var ticks = 0
    private var socket: UDPSocket
    private var nextTick = Instant(nanoseconds: 0)
    private let began = Instant.now()
    private let coalescing: Interval
    private let ticksByItself: Bool
    /// From the beginning to the first datagram.
    private(set) var waited = Interval.zero

    var niceness: Int { ThreadPriority.current }
    /// Whether the caller runs on the loop's thread.
    var isOnLoop: Bool { loop.isIsolatingCurrentContext() == true }

    init(canWait: Bool = false, coalescing: Interval = .zero, ticks: Bool = true) throws {
        self.coalescing = coalescing
        ticksByItself = ticks
        loop = try EventLoop()
        socket = try UDPSocket(boundTo: SocketAddress(ipv4: 0x7f00_0001, port: 0))
        address = socket.localAddress
        try loop.watch(socket.descriptor, canWait: canWait)
    }

    func handleReadable(_ descriptor: CInt, now: Instant) {
        if received.isEmpty { waited = now - began }
        for index in 0..<socket.receive() {
            received.append(
                socket.withDatagram(at: index) { bytes, _ in bytes.bytes.bigEndian(UInt8.self, at: 0) ?? 0 }
            )
        }
    }

    func handleTimeout(now: Instant) {
        guard now >= nextTick else { return }
        nextTick = now + .milliseconds(1)
        ticks += 1
    }

    func pollTimeout() -> Instant? { ticksByItself ? nextTick : nil }

    func pollCoalescing() -> Instant? { coalescing > .zero ? began + coalescing : nil }
}

/// A second actor on somebody else's loop, with a timer there.
private actor Neighbour {
    private let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private lazy var timer = loop.makeTimer { [weak self] now in
        self?.assumeIsolated { $0.handleTimeout(now: now) }
    }
    /// When the timer went off.
    private(set) var calls: [Instant] = []
    private(set) var wasOnLoop = true

    init(sharing loop: EventLoop) {
        self.loop = loop
    }

    var isOnLoop: Bool { loop.isIsolatingCurrentContext() == true }

    func arm(_ wait: Interval) { timer.arm(.now() + wait) }
    func disarm() { timer.arm(nil) }

    private func handleTimeout(now: Instant) {
        calls.append(now)
        wasOnLoop = wasOnLoop && isOnLoop
    }
}
