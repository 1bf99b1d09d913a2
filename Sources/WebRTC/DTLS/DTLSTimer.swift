internal import COpenSSL
internal import Wire

/// OpenSSL's retransmission timer, moved onto the caller's clock (RFC 6347 §4.2.4).
///
/// OpenSSL keeps the time at which the timer expires, asks the clock of the machine itself, and repeats its
/// last flight when it finds the timer expired, be it in `DTLSv1_handle_timeout` or while it reads. Whenever
/// it sets the timer, it shows that time to its `BIO`. OpenSSL 3.0 shows the time itself rather than a copy,
/// so that the timer can be put off for good and be made to expire when the caller's clock says so.
/// ``adopt(_:now:)`` finds out which of the two it is; with a copy, OpenSSL's own clock goes on to govern and
/// this one only says when to ask.
struct DTLSTimer {
    /// When the flight is to be repeated; `nil` if everything has been answered.
    private(set) var deadline: Instant?

    /// The current timeout of OpenSSL's timer, in microseconds.
    private var timeout: UInt32 = 0

    private var change = Change.none

    /// OpenSSL's own time of expiry, once it is known to be that.
    private var expiry: UnsafeMutablePointer<timeval>?

    private enum Change {
        case none
        case stopped
        case started(UnsafeMutablePointer<timeval>)
    }

    /// The next timeout after `previous`, in microseconds; 0 asks for the first one (`DTLS_set_timer_cb`).
    mutating func nextTimeout(after previous: UInt32) -> UInt32 {
        timeout = previous == 0 ? Self.firstTimeout : min(previous &* 2, Self.longestTimeout)
        return timeout
    }

    /// OpenSSL has set the timer to expire at `time`, or stopped it if that is zero.
    mutating func handleChange(of time: UnsafeMutablePointer<timeval>) {
        guard time.pointee.tv_sec != 0 || time.pointee.tv_usec != 0 else {
            change = .stopped
            return
        }
        time.pointee.tv_sec += Self.never
        change = .started(time)
    }

    /// Takes over what has changed since the last call; call after every call into OpenSSL.
    mutating func adopt(_ session: OpaquePointer, now: Instant) {
        switch change {
        case .none:
            return
        case .stopped:
            deadline = nil
        case .started(let time):
            deadline = now + .microseconds(Int64(timeout))
            var remaining = timeval()
            let isRunning = COpenSSL_DTLSv1_get_timeout(session, &remaining) == 1
            expiry = isRunning && remaining.tv_sec > Self.never / 2 ? time : nil
        }
        change = .none
    }

    /// Whether the flight is to be repeated now; if so, OpenSSL's timer is made to expire, if it can be.
    mutating func takeExpired(now: Instant) -> Bool {
        guard let deadline, now >= deadline else { return false }
        if let expiry {
            // Any time that has passed will do; zero would mean that the timer is not running.
            expiry.pointee = timeval(tv_sec: 1, tv_usec: 0)
        }
        // If OpenSSL's own clock governs and is a little behind, it is asked again.
        self.deadline = now + .milliseconds(10)
        return true
    }

    /// Microseconds.
    ///
    /// RFC 6347 §4.2.4.1 starts at one second, but somebody is waiting here. On a slower path than this a
    /// flight is sent twice, which costs 1 kB.
    private static let firstTimeout: UInt32 = 150_000

    /// Microseconds; OpenSSL gives up after twelve repetitions, with this bound after about twenty seconds.
    private static let longestTimeout: UInt32 = 2_000_000

    /// Seconds; longer than any handshake.
    private static let never = 86_400
}
