package import Access
internal import HTTPTypes
internal import IO
internal import SFU
internal import WebRTC
internal import Wire

/// The room's end of the test page's connections: transports of their own, which last half a minute, and on which nothing
/// runs but two data channels that answer (``CheckExchange``).
///
/// It knows of nobody in the room, and nobody there of it.
@SessionActor package final class CheckRoom {
    /// What a browser gets for its offer.
    package struct Answer: Encodable, Hashable, Sendable {
        package var sdp: String
        /// The relays to try; `nil`: there are none.
        package var iceServers: ICEServers?
        /// The room's clock, in milliseconds since 1970.
        package var now: Int64
    }

    private final class Check {
        let share: NetworkShare?
        var exchange = CheckExchange()
        /// Labels of the channels that are open.
        var channels: [DataProducerID: String] = [:]
        var tasks: [Task<Void, Never>] = []

        init(from share: NetworkShare?) { self.share = share }
    }

    private let worker: Worker
    private let router: RouterID
    private let door: JoinDoor
    private let descriptions: DescriptionReader
    private let turn: TURNServers
    private var allowance = CheckAllowance()
    private var checks: [TransportID: Check] = [:]

    init(
        _ worker: Worker,
        on router: RouterID,
        door: JoinDoor,
        descriptions: DescriptionReader,
        turn: TURNServers
    ) {
        self.worker = worker
        self.router = router
        self.door = door
        self.descriptions = descriptions
        self.turn = turn
    }

    /// Tests that are under way.
    package var count: Int { checks.count }

    /// Answers a browser's offer of data channels.
    ///
    /// - Parameter token: What is in the link that was opened; it is not used up.
    package func open(
        _ sdp: String,
        showing token: String?,
        from share: NetworkShare?
    ) async throws(APIProblem) -> Answer {
        let now = Instant.now()
        if let seconds = allowance.begin(from: share, now: now) {
            throw APIProblem(.tooManyRequests, "Too many tests run at the moment.", retryAfter: seconds)
        }
        do throws(APIProblem) {
            do throws(Refusal) {
                try door.look(at: token, from: share, now: now)
            } catch {
                throw APIProblem(.unauthorized, error.message)
            }
            let answer = try await answer(sdp, from: share)
            let clock = RoomClock.milliseconds
            // Nobody's: people are numbers from 1 on.
            let servers = turn.servers(for: 0, now: clock / 1_000, atMost: Self.relayTime)
            return Answer(sdp: answer, iceServers: servers, now: clock)
        } catch {
            allowance.end(from: share)
            throw error
        }
    }

    private func answer(_ sdp: String, from share: NetworkShare?) async throws(APIProblem) -> String {
        guard case .success(let offer) = await descriptions.read(sdp, for: RoomCodecs()), offer.sctp != nil
        else {
            throw APIProblem(.badRequest, "This is no offer of data channels.")
        }
        guard let parameters = try? await worker.makeWebRTCTransport(on: router) else {
            throw APIProblem(.serviceUnavailable, "The room has no place for a test.", retryAfter: 5)
        }
        let check = Check(from: share)
        checks[parameters.id] = check
        do {
            try await worker.connect(parameters.id, dtls: offer.dtls, ice: offer.ice, sctp: offer.sctp)
        } catch {
            checks[parameters.id] = nil
            try? await worker.close(parameters.id)
            throw APIProblem(.badRequest, "This is no offer that the room can answer.")
        }
        check.tasks.append(
            Task {
                try? await Task.sleep(for: Self.longest)
                if !Task.isCancelled { await self.end(parameters.id) }
            }
        )
        return offer.answer(transport: parameters)
    }

    private func end(_ transport: TransportID) async {
        guard let check = checks.removeValue(forKey: transport) else { return }
        allowance.end(from: check.share)
        for task in check.tasks { task.cancel() }
        try? await worker.close(transport)
    }

    // MARK: The Worker

    /// Takes what happens to a test's transport; returns whether it was one.
    func handle(_ event: WorkerEvent) async -> Bool {
        switch event {
        case .dataProducerOpened(let transport, let channel, let parameters):
            guard let check = checks[transport] else { return false }
            await read(channel, parameters.label, of: check, on: transport)
        case .dataMessage(let transport, let channel, let message):
            // From before the channel had its reader.
            guard let check = checks[transport] else { return false }
            await handle(message, on: channel, of: check, transport)
        case .dataProducerClosed(let transport, let channel):
            guard let check = checks[transport] else { return false }
            check.channels[channel] = nil
        case .dtlsStateChanged(let transport, let state):
            guard checks[transport] != nil else { return false }
            if state == .closed || state == .failed { await end(transport) }
        case .iceStateChanged(let transport, let state):
            guard checks[transport] != nil else { return false }
            if state == .failed { await end(transport) }
        default: return false
        }
        return true
    }

    private func read(
        _ channel: DataProducerID,
        _ label: String,
        of check: Check,
        on transport: TransportID
    ) async {
        check.channels[channel] = label
        guard check.channels.count <= Self.mostChannels, let messages = try? await worker.subscribe(channel)
        else { return await end(transport) }
        check.tasks.append(
            Task {
                for await message in messages {
                    await self.handle(message, on: channel, of: check, transport)
                }
            }
        )
    }

    private func handle(
        _ message: DataMessage,
        on channel: DataProducerID,
        of check: Check,
        _ transport: TransportID
    ) async {
        guard checks[transport] === check, let label = check.channels[channel] else { return }
        switch check.exchange.handle(message, on: label) {
        case .end: await end(transport)
        case .load(let bytes): check.tasks.append(Task { await self.load(bytes, on: channel) })
        case .none: break
        case .send(let bytes, let isBinary): try? await worker.send(bytes, isBinary: isBinary, on: channel)
        }
    }

    /// Sends so much at ``CheckExchange/rate``, or what the path takes of it in ``loadTime``, and then the text `end`.
    private func load(_ bytes: Int, on channel: DataProducerID) async {
        let piece = [UInt8](repeating: 0x55, count: Self.piece)
        let began = Instant.now()
        var sent = 0
        while !Task.isCancelled {
            let elapsed = Instant.now() - began
            guard elapsed < Self.loadTime, sent < bytes else { break }
            let due = Int(elapsed.nanoseconds / 1_000) * (CheckExchange.rate / 8) / 1_000_000
            do {
                while sent < min(bytes, due) {
                    try await worker.send(piece, on: channel)
                    sent += piece.count
                }
            } catch {
                // The channel is full, or gone: then the task is cancelled soon.
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
        // Behind what still waits, which it may have to wait for.
        for _ in 0..<Self.mostTries where !Task.isCancelled {
            if (try? await worker.send(Array("end".utf8), isBinary: false, on: channel)) != nil { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private static let longest = Duration.seconds(30)
    /// Seconds for which a test's relays are open to it: all its ways, and clocks that differ.
    private static let relayTime = 300
    private static let loadTime = Interval.seconds(2)
    private static let mostChannels = 4
    private static let mostTries = 200
    /// Bytes.
    private static let piece = 8_192
}
