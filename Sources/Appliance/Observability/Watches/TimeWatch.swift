internal import IO
internal import Logging
internal import ServiceLifecycle
internal import Wire

/// Says in the log when everything stood still for a while, and when the wall clock was set: much that looks odd in the lines
/// around is explained by it.
struct TimeWatch: Service, CustomStringConvertible {
    let log: Logger

    var description: String { "time" }

    func run() async { await cancelWhenGracefulShutdown { await watch() } }

    private func watch() async {
        var jumps = TimeJumps(.now())
        while (try? await Task.sleep(for: .nanoseconds(Self.period.nanoseconds))) != nil {
            for jump in jumps.handle(.now(), pause: Self.period) { tell(jump) }
        }
    }

    private func tell(_ jump: TimeJumps.Jump) {
        switch jump {
        case .clockSet(let step):
            log.notice(
                "The clock of this machine was set; only times of day follow it",
                metadata: ["seconds": "\(Self.seconds(step))"]
            )
        case .stoodStill(let time):
            log.warning(
                "The room stood still for a while: it was stopped, or had no processor; pages connect anew where they have to",
                metadata: ["seconds": "\(Self.seconds(time))"]
            )
        case .suspended(let time):
            log.warning(
                "The room stood still for a while: the machine was suspended; pages connect anew where they have to",
                metadata: ["seconds": "\(Self.seconds(time))"]
            )
        }
    }

    private static func seconds(_ time: Interval) -> Int {
        Int((Double(time.nanoseconds) / 1_000_000_000).rounded())
    }

    private static let period = Interval.seconds(5)
}

extension TimeJumps.Reading {
    static func now() -> Self { Self(running: .now(), elapsed: BootClock.now(), wall: WallClock.now()) }
}
