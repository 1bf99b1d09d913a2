import Appliance
import Foundation
import IO
import Logging
import RemoteControl
import SFU
import Wire

/// A session with a Worker of its own, and pages that are not browsers.
final class SessionRoom: Sendable {
    let session: Session
    let worker: Worker
    private let relay: ControlRelay
    private let link: DeskLink
    private let running: Task<Void, Never>

    init(_ configuration: Configuration = Configuration()) async throws {
        var media = WorkerConfiguration()
        media.bindAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0)
        media.limits.transports = 2 * configuration.maximumPeople + 16
        worker = try Worker(media)
        link = try DeskLink()
        relay = ControlRelay(on: worker.executor)
        worker.start()
        link.start()
        var log = Logger(label: "test")
        log.logLevel = .critical
        session = try await Session(configuration, worker: worker, relay: relay, link: link, log: log)
        running = Task { [session] in await session.run() }
    }

    /// Transports that belong to people: those that the Worker holds, without the desk's own.
    func transports() async -> Int {
        let desk = Set(await session.desk.streams.map(\.transport)).count
        return await worker.statistics().transports - desk
    }

    /// Waits until nothing is left of those who were here; returns how many transports are.
    func settle() async -> Int {
        var left = await transports()
        for _ in 0..<2_000 where left > 0 {
            try? await Task.sleep(for: .milliseconds(5))
            left = await transports()
        }
        return left
    }

    func end() async {
        running.cancel()
        await relay.stop()
        await link.stop()
        await worker.stop()
    }
}

/// One page's WebSocket, without the socket: it is served by a session, and keeps what it was told.
actor SessionPage {
    nonisolated let connection = SignallingConnection()
    private(set) var resume: String?
    private(set) var errors: [String] = []
    private(set) var newestOffer: (sdp: String, id: Int)?
    private(set) var offers = 0
    private(set) var answers: [String] = []
    private(set) var people = 0
    private var serving: Task<Void, Never>?
    private var reading: Task<Void, Never>?
    private let answersOffers: Bool

    /// - Parameter answersOffers: Whether each of the room's offers is answered at once, with everything accepted.
    init(_ room: SessionRoom, answersOffers: Bool = false) async {
        self.answersOffers = answersOffers
        let connection = connection
        serving = Task {
            await room.session.serve(connection)
            connection.close()
        }
        reading = Task { await Self.read(connection, for: self) }
    }

    private nonisolated static func read(_ connection: SignallingConnection, for page: SessionPage) async {
        await connection.readTexts { await page.handle($0) }
    }

    private func handle(_ text: String) {
        guard let message = try? JSONDecoder().decode(Told.self, from: Data(text.utf8)) else { return }
        switch message.type {
        case "error": errors.append(message.message ?? "")
        case "publishAnswer": answers.append(message.sdp ?? "")
        case "subscribeOffer":
            offers += 1
            newestOffer = (message.sdp ?? "", message.id ?? 0)
            if answersOffers { answerOffer() }
        case "welcome": resume = message.resume
        default: break
        }
    }

    func answerOffer() {
        guard let newestOffer, let sdp = try? answerToOffer(newestOffer.sdp) else { return }
        say(["type": "subscribeAnswer", "sdp": sdp, "id": newestOffer.id])
    }

    nonisolated func say(_ message: [String: any Sendable]) {
        guard let data = try? JSONSerialization.data(withJSONObject: message) else { return }
        _ = connection.receive(Array(data))
    }

    /// Until something is true of the page, or ten seconds have passed.
    func wait(until condition: @Sendable (isolated SessionPage) -> Bool) async -> Bool {
        for _ in 0..<2_000 {
            if condition(self) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// The WebSocket ends.
    func close() async {
        connection.close()
        await serving?.value
    }

    private struct Told: Decodable {
        var type: String
        var message: String?
        var sdp: String?
        var id: Int?
        var resume: String?
    }
}
