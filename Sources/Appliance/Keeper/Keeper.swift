internal import Glibc
internal import IO
internal import Logging
internal import Synchronization
internal import UnixSignals

/// Runs the desk, and the room beside it: a room that crashes is started again, and the desk with all its windows goes on
/// meanwhile.
final class Keeper: Sendable {
    private let room: ProcessLaunch
    private let desk: KeptDesk
    private let link: RoomLink
    /// Of the room, and of the desk process.
    private let roomBreaker = ProgramBreaker(), deskBreaker: ProgramBreaker
    private let processes: ChildProcesses
    private let keeping = Mutex(RoomKeeping())
    private let log: Logger

    /// - Parameters:
    ///   - room: How a room is started, but for its end of the link, which goes before its other descriptors.
    ///   - deskBreaker: Ends a desk process that is stuck.
    init(
        room: ProcessLaunch,
        _ desk: KeptDesk,
        link: RoomLink,
        deskBreaker: ProgramBreaker,
        _ processes: ChildProcesses,
        log: Logger
    ) {
        self.room = room
        self.desk = desk
        self.link = link
        self.deskBreaker = deskBreaker
        self.processes = processes
        self.log = log
    }

    /// Returns the status to exit with, once the room has ended for good, and the desk after it.
    func run(_ signals: UnixSignalsSequence) async -> CInt {
        await withTaskGroup(of: CInt?.self) { group in
            group.addTask { await self.keepRoom() }
            group.addTask {
                await self.pass(signals)
                return nil
            }
            group.addTask {
                await self.keepDesk()
                return nil
            }
            for await case let status? in group {
                group.cancelAll()
                return status
            }
            return RoomExit.internalError.rawValue
        }
    }

    private func keepRoom() async -> CInt {
        var status = RoomExit.ended
        while !keeping.withLock({ $0.isAsked }) {
            let start = ContinuousClock.now
            var ending = ProcessEnding(reason: .exited(RoomExit.internalError.rawValue))
            do {
                let child = try await startRoom()
                roomBreaker.arm(child.id)
                // What came before there was anybody to pass it on to.
                if keeping.withLock({ $0.isAsked }) { roomBreaker.pass(SIGTERM) }
                for await one in child.ending { ending = one }
                roomBreaker.disarm()
            } catch {
                log.error("The room could not be started", metadata: ["reason": "\(error)"])
            }
            let wasReady = await link.close()
            let lifetime = ContinuousClock.now - start
            let verdict = keeping.withLock {
                $0.handleEnd(ending.reason, wasReady: wasReady, after: lifetime)
            }
            switch verdict {
            case .end(let status):
                if ending.reason != .exited(status) {
                    log.critical("The room does not stay up", metadata: ["ending": "\(ending)"])
                }
                return status
            case .again(let delay):
                log.error(
                    "The room ended and is started again; the desk goes on",
                    metadata: ["ending": "\(ending)", "delay": "\(delay)"]
                )
                status = .internalError
                try? await Task.sleep(for: delay)
            }
        }
        return status.rawValue
    }

    private func startRoom() async throws -> ChildProcesses.Child {
        let end = try await link.open()
        var launch = room
        launch.descriptors.insert(end.descriptor, at: 0)
        let child = try await processes.start(launch)
        _ = consume end
        return child
    }

    /// The desk starts once a room has found its settings good, and is not asked again; it has ended when this returns.
    private func keepDesk() async {
        await withDiscardingTaskGroup { group in
            for await word in link.words {
                switch word {
                case .begun: await desk.begin()
                case .cutOff: deskBreaker.trip()
                case .over:
                    keeping.withLock { $0.handleAsked() }
                    group.addTask { await self.desk.end() }
                case .ready: break
                case .reset(let number): group.addTask { await self.desk.reset(number) }
                case .start(let number): await desk.start(number)
                case .stop(let number): await desk.stop(number)
                }
            }
        }
        await desk.end()
    }

    /// Passes on to the room what tells it to end: SIGTERM, after which it may take its time, or at once.
    private func pass(_ signals: UnixSignalsSequence) async {
        var hasDrained = false
        var insistence: Task<Void, Never>?
        defer { insistence?.cancel() }
        for await signal in signals {
            keeping.withLock { $0.handleAsked() }
            roomBreaker.pass(signal.rawValue)
            if signal == .sigterm, !hasDrained {
                hasDrained = true
            } else if insistence == nil {
                insistence = Task {
                    guard (try? await Task.sleep(for: Self.interruptionTimeout)) != nil else { return }
                    self.roomBreaker.trip()
                }
            }
        }
    }

    /// How long a room that is to end at once may take.
    private static let interruptionTimeout = Duration.seconds(10)
}
