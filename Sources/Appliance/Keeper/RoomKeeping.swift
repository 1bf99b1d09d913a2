internal import Glibc
package import IO

/// What becomes of everything when the room ends: a room that has crashed is started again beside the desk, which goes on; one that
/// has ended takes all along.
///
/// A machine without I/O: call ``handleEnd(_:wasReady:after:)`` whenever a room has ended, and ``handleAsked()`` when the room was
/// told to end.
package struct RoomKeeping {
    package enum Verdict: Hashable, Sendable {
        /// Another one is started after this time.
        case again(after: Duration)
        /// Everything ends, with this status.
        case end(CInt)
    }

    private var backOff = BackOff()
    /// Whether there has been a room that people could come into: the settings are good then.
    private var hasBeenReady = false
    /// Whether the room is to end: no other one comes after it.
    package private(set) var isAsked = false
    /// Rooms in a row that did not stay up.
    private var failures = 0

    package init() {}

    /// The room was told to end, or ends by itself.
    package mutating func handleAsked() { isAsked = true }

    /// The room has ended.
    ///
    /// - Parameters:
    ///   - wasReady: Whether it had said that it is ready.
    ///   - lifetime: For how long it ran.
    package mutating func handleEnd(
        _ reason: ProcessEnding.Reason,
        wasReady: Bool,
        after lifetime: Duration
    ) -> Verdict {
        hasBeenReady = hasBeenReady || wasReady
        var status = RoomExit.internalError.rawValue
        switch reason {
        case .exited(let own):
            status = own
            if !hasBeenReady || RoomExit(rawValue: own)?.isOfTheSession == true { return .end(own) }
        case .signalled(let signal):
            // It was told so before it could listen, and nobody was there.
            if isAsked, !wasReady, Self.asking.contains(signal) { return .end(RoomExit.ended.rawValue) }
        }
        failures = lifetime >= backOff.proof ? 1 : failures + 1
        if isAsked || failures >= Self.mostFailures { return .end(status) }
        return .again(after: backOff.delay(after: lifetime))
    }

    private static let asking = [SIGHUP, SIGINT, SIGTERM]
    /// So many in a row are given up.
    package static let mostFailures = 5
}

extension RoomExit {
    /// Whether the session is over, and nothing went wrong.
    fileprivate var isOfTheSession: Bool {
        switch self {
        case .ended, .endedEmpty, .endedLongest: true
        case .configuration, .internalError, .missingProgram, .noPort, .usage: false
        }
    }
}
