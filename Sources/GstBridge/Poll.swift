internal import Glibc
internal import IO
internal import Wire

/// Sleeps until a descriptor is readable or the deadline has come (`poll(2)`).
///
/// Not an `EventLoop`: `ARCHITECTURE.md` says why the desk's threads wait for themselves.
func sleepUntilReadable(_ descriptors: [CInt], deadline: Instant?) {
    var descriptors = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // Rounded up: waking a fraction of a millisecond early would spin until the deadline.
    let timeout = deadline.map { max(0, ($0 - .now()).nanoseconds + 999_999) / 1_000_000 } ?? -1
    // A signal ends it early, which the callers take as any other wake-up.
    _ = poll(&descriptors, nfds_t(descriptors.count), CInt(clamping: timeout))
}
