internal import Glibc
public import Wire

extension Instant {
    /// Reads the monotonic clock, which only this layer and the composition root may do.
    public static func now() -> Instant {
        Instant(nanoseconds: read(CLOCK_MONOTONIC))
    }

    fileprivate static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// The time since the machine was started, suspended or not.
public enum BootClock {
    public static func now() -> Instant { Instant(nanoseconds: Instant.read(CLOCK_BOOTTIME)) }
}

/// The wall clock, for the NTP timestamps of sender reports (RFC 3550 §4).
public enum WallClock {
    /// Nanoseconds since 1970-01-01 UTC.
    public static func now() -> Int64 { Instant.read(CLOCK_REALTIME) }
}
