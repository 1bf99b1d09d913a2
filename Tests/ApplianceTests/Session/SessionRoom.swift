import Access
import Appliance
import Foundation
import IO
import Logging
import RemoteControl
import SFU
import Wire

/// A session with a Worker of its own, the desk's end of its link, and pages that are not browsers.
final class SessionRoom: Sendable {
    let session: Session
    let worker: Worker
    let desk: SessionDesk
    let relay: ControlRelay
    private let link: DeskLink
    private let running: Task<Void, Never>

    init(
        _ configuration: Configuration = Configuration(),
        grace: Membership.Grace = Membership.Grace(),
        policy: AdmissionPolicy = .everybody,
        tokens: TokenDoor? = nil,
        audit: AuditLog = AuditLog(),
        events: RoomEvents = RoomEvents(),
        memory: RoomMemory? = nil,
        shelf: ToldShelf = ToldShelf(),
        keeper: KeeperLink? = nil
    ) async throws {
        var media = WorkerConfiguration()
        media.bindAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0)
        media.limits.transports = 2 * configuration.maximumPeople + 16
        worker = try Worker(media)
        link = try DeskLink()
        desk = SessionDesk(link)
        relay = ControlRelay(on: worker.executor, floor: FloorControl(policy: configuration.control))
        worker.start()
        link.start()
        var log = Logger(label: "test")
        log.logLevel = .critical
        session = try await Session(
            configuration,
            worker: worker,
            relay: relay,
            link: link,
            log: log,
            grace: grace,
            policy: policy,
            tokens: tokens,
            audit: audit,
            events: events,
            memory: memory,
            shelf: shelf,
            keeper: keeper
        )
        running = Task { [session] in await session.run() }
    }

    /// Joins from an address, and waits for the answer.
    func join(
        _ name: String,
        _ more: [String: any Sendable] = [:],
        address: UInt32 = 1,
        answersOffers: Bool = false
    ) async -> SessionPage {
        let share = NetworkShare(SocketAddress(ipv4: 0x0a00_0000 + address, port: 0))
        let page = await SessionPage(self, share: share, answersOffers: answersOffers)
        page.say(["type": "join", "name": name].merging(more) { $1 })
        _ = await page.wait {
            $0.you != nil || !$0.errors.isEmpty || $0.moderation.waits > 0 || $0.moderation.ending != nil
        }
        return page
    }

    /// Transports that belong to people: those that the Worker holds, without the desk's own.
    func transports() async -> Int {
        let desk = Set(await session.desk.streams.streams.map(\.transport)).count
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

/// The desk's end of the link.
actor SessionDesk {
    private let link: DeskLink
    private var socket: SeqPacketSocket?
    /// The desk's end of the link for people's voices.
    private var voices: SeqPacketSocket?

    init(_ link: DeskLink) {
        self.link = link
    }

    private func open() async {
        guard let end = try? SeqPacketSocket(pairedWith: &socket) else { return }
        try? await link.adopt(end)
        let hello = DeskReport.status(DeskStatus(.starting)).encoded()
        _ = socket?.send(hello.span.bytes)
    }

    /// As ``connect()``, where something is hidden: that is told first.
    func connectCovered() async -> DeskCover? {
        await open()
        guard case .cover(let cover)? = await nextCommand() else { return nil }
        return cover
    }

    /// Connects a desk in the place of the one before, and returns what it is told first.
    func connect() async -> DeskConfiguration? {
        await open()
        guard case .configure(let configuration)? = await nextCommand() else { return nil }
        return configuration
    }

    /// The next command about media.
    func nextCommand() async -> DeskCommand? {
        while let command = await nextMessage() {
            if case .releaseAll(let mark) = command {
                handleReached(mark)
                continue
            }
            return command
        }
        return nil
    }

    /// The next command about media that is another one.
    func nextCommand(but other: DeskCommand) async -> DeskCommand? {
        while let command = await nextCommand() { if command != other { return command } }
        return nil
    }

    /// Hands over a link for people's voices, in the place of the one before.
    func handVoices() {
        var end: SeqPacketSocket?
        voices = try? SeqPacketSocket(pairedWith: &end)
        let report = DeskReport.voicesLink.encoded()
        if let end = end.take() { _ = socket?.send(report.span.bytes, with: end) }
    }

    /// Says what becomes of voices, and closes the link where that is the end of it.
    func say(_ state: VoiceMessage.State) {
        let message = VoiceMessage.state(state).encodedHead()
        _ = voices?.send(message.span.bytes)
        if state != .playing { voices = nil }
    }

    /// Whether the room has closed the link for voices, or does so soon.
    func losesVoices() async -> Bool {
        for _ in 0..<1_000 {
            var buffer = [UInt8](repeating: 0, count: VoiceMessage.maximumLength)
            var span = buffer.mutableSpan
            var bytes = span.mutableBytes
            if voices?.receive(into: &bytes) == .closed { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// Says that everything up to the mark has been carried out.
    func handleReached(_ mark: DeskMark) {
        let report = DeskReport.reached(mark).encoded()
        _ = socket?.send(report.span.bytes)
    }

    /// Tells the room something.
    func say(_ report: DeskReport) {
        let bytes = report.encoded()
        _ = socket?.send(bytes.span.bytes)
    }

    func disconnect() { socket = nil }

    /// What the desk is told next to hide.
    func nextCover() async -> DeskCover? {
        while let command = await nextCommand() {
            if case .cover(let cover) = command { return cover }
        }
        return nil
    }

    /// The next size that the desk is told to take.
    func nextSize() async -> DeskSize? {
        while let command = await nextCommand() {
            if case .setScreenSize(let size) = command { return size }
        }
        return nil
    }

    /// The next message if there is one by now.
    func poll() -> DeskCommand? {
        var buffer = [UInt8](repeating: 0, count: DeskCommand.maximumLength)
        var span = buffer.mutableSpan
        var bytes = span.mutableBytes
        guard case .message(let length)? = socket?.receive(into: &bytes) else { return nil }
        return try? DeskCommand(parsing: buffer.span.bytes.extracting(first: length))
    }

    private func nextMessage() async -> DeskCommand? {
        for _ in 0..<1_000 {
            var buffer = [UInt8](repeating: 0, count: DeskCommand.maximumLength)
            var span = buffer.mutableSpan
            var bytes = span.mutableBytes
            if case .message(let length)? = socket?.receive(into: &bytes) {
                return try? DeskCommand(parsing: buffer.span.bytes.extracting(first: length))
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
