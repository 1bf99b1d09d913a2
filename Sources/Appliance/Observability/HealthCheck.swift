internal import CoreMetrics
internal import IO
package import SFU
internal import Synchronization
package import Wire

/// Looks whether the room's loops and its desk do their work, whenever somebody asks; in between it does nothing.
///
/// An answer takes at most about ``limit``, whatever is stuck.
package final class HealthCheck: Sendable {
    /// What is asked, and may not answer.
    package struct Probes: Sendable {
        package var mediaThread: @Sendable () async -> Void
        package var session: @Sendable () async -> Void
        /// Whether the desk process takes in what it is sent.
        package var desk: @Sendable () async -> Bool
        /// Asked only when the loops answer.
        package var health: @Sendable () async -> RoomHealth

        package init(
            mediaThread: @escaping @Sendable () async -> Void,
            session: @escaping @Sendable () async -> Void,
            desk: @escaping @Sendable () async -> Bool,
            health: @escaping @Sendable () async -> RoomHealth
        ) {
            self.mediaThread = mediaThread
            self.session = session
            self.desk = desk
            self.health = health
        }
    }

    /// How long the loops took to answer; `nil`: they did not.
    package struct Delays: Hashable, Sendable {
        package var mediaThread: Interval?
        package var session: Interval?
    }

    private let mediaThread: Heartbeat<Void>
    private let session: Heartbeat<Void>
    private let desk: Heartbeat<Void>
    private let health: Heartbeat<RoomHealth>
    private let certificate: ServedCertificate?
    private let problems: Problems
    private let start = Instant.now()
    private let hasBeenReady = Atomic(false)
    private let isDraining = Atomic(false)
    private let addresses = Mutex<[AddressOrigin: Int]>([:])
    private let limit: Interval

    /// - Parameters:
    ///   - certificate: The page's; `nil`: there is none.
    ///   - problems: What else is told.
    ///   - limit: How long an answer may take.
    package init(
        _ probes: Probes,
        certificate: ServedCertificate? = nil,
        problems: Problems = Problems(),
        limit: Interval = .milliseconds(1_500)
    ) {
        mediaThread = Heartbeat(probes.mediaThread)
        session = Heartbeat(probes.session)
        desk = Heartbeat { await probes.desk() ? () : nil }
        health = Heartbeat(probes.health)
        self.certificate = certificate
        self.problems = problems
        self.limit = limit
    }

    /// The room takes nobody new from now on, and ends when those who are there have left.
    package func drain() { isDraining.store(true, ordering: .releasing) }

    /// Browsers are told so many addresses of the media from now on, by where they are from.
    package func setAddresses(_ counts: [AddressOrigin: Int]) { addresses.withLock { $0 = counts } }

    /// Whether the room's loops do their work.
    package func isAlive() async -> (isAlive: Bool, delays: Delays) {
        let delays = await loops(within: limit)
        return (delays.mediaThread != nil && delays.session != nil, delays)
    }

    /// Everything that health is judged by, and the numbers; without the latter where they cannot be had.
    package func look() async -> (facts: HealthFacts, numbers: RoomHealth?, delays: Delays) {
        async let answer = desk.check(within: limit)
        let delays = await loops(within: limit)
        var facts = HealthFacts()
        facts.isMediaThreadAnswering = delays.mediaThread != nil
        facts.isSessionAnswering = delays.session != nil
        facts.certificate = certificate?.validity
        facts.isNewerCertificateRefused = certificate?.isNewerRefused ?? false
        facts.clock = RoomClock.milliseconds / 1_000
        facts.age = .now() - start
        facts.isDraining = isDraining.load(ordering: .acquiring)
        var numbers: RoomHealth?
        if facts.isAlive {
            numbers = await health.check(within: limit)?.value
            facts.isSessionAnswering = numbers != nil
        }
        if let numbers {
            facts.isDeskConnected = numbers.isDeskConnected
            facts.desk = numbers.desk
            facts.isAuditKept = numbers.mayAdmit
        }
        facts.isDeskAnswering = await answer != nil
        let problems = problems.all(now: .now())
        facts.hasProblems = !problems.isEmpty
        if facts.reasons.isEmpty { hasBeenReady.store(true, ordering: .releasing) }
        facts.hasBeenReady = hasBeenReady.load(ordering: .acquiring)
        numbers?.status = facts.status
        numbers?.certificate = facts.certificate.map {
            .init(expires: $0.upperBound, isNewerRefused: facts.isNewerCertificateRefused)
        }
        numbers?.media.addresses = addresses.withLock { $0 }
        numbers?.problems = problems
        return (facts, numbers, delays)
    }

    private func loops(within limit: Interval) async -> Delays {
        async let media = mediaThread.check(within: limit)?.delay
        async let conversation = session.check(within: limit)?.delay
        let delays = await Delays(mediaThread: media, session: conversation)
        for (loop, delay) in [("media", delays.mediaThread), ("session", delays.session)] {
            guard let delay else { continue }
            CoreMetrics.Timer(label: MetricFamily.loopLag.name, dimensions: [("loop", loop)])
                .recordNanoseconds(delay.nanoseconds)
        }
        return delays
    }
}

extension HealthCheck {
    package convenience init(
        _ session: Session,
        _ worker: Worker,
        _ relay: ControlRelay,
        certificate: ServedCertificate?,
        problems: Problems
    ) {
        self.init(
            Probes(
                mediaThread: { _ = await worker.statistics() },
                session: { _ = await session.people },
                desk: { await relay.askDesk() },
                health: { await session.health() }
            ),
            certificate: certificate,
            problems: problems
        )
    }
}
