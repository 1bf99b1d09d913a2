internal import IO
internal import ServiceLifecycle
internal import UnixSignals

/// Ends the room: when whoever runs it says so by a signal, or when the session ends by itself.
///
/// SIGTERM lets the session go on until everybody has left or `life.grace` is over; a second one ends it at once. So does
/// SIGINT, by which somebody at a terminal means now, and SIGHUP, after which there is no terminal.
struct Lifetime: Service, CustomStringConvertible {
    let session: Session
    let signals: UnixSignalsSequence
    /// Told once the room is to end when everybody has left.
    let onDraining: @Sendable () -> Void

    var description: String { "lifetime" }

    /// The signals that end the room, from now on: the kernel keeps back from a process with the id 1 those that it does not
    /// ask for.
    static func trap() async -> UnixSignalsSequence {
        SignalDisposition.ignoreFailedWrites()
        // Under nohup(1) the end of the terminal is not the end of the room.
        let hangup: [UnixSignal] = SignalDisposition.isHangupIgnored ? [] : [.sighup]
        return await UnixSignalsSequence(trapping: [.sigterm, .sigint] + hangup)
    }

    /// Returns once everybody has been told that the session is over; the rest of the room ends after it.
    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await signal in signals {
                    guard signal == .sigterm else {
                        await session.interrupt()
                        continue
                    }
                    onDraining()
                    await session.drain()
                }
            }
            group.addTask { for await _ in session.life.ends {} }
            await group.next()
            group.cancelAll()
        }
    }
}
