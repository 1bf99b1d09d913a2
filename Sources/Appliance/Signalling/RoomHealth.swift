package import RemoteControl

/// How the room is doing, in numbers and sentences that say nothing about anybody: the answer of `/healthz`.
package struct RoomHealth: Encodable, Hashable, Sendable {
    package var status = HealthStatus.starting
    /// What is not as it should be although the room goes on, in sentences for whoever runs it.
    package var problems: [String] = []
    package var people = 0
    /// Whether what happens is recorded; `nil` where it is not meant to be.
    package var isAuditKept: Bool?
    /// Whether a desk process is connected.
    package var isDeskConnected = false
    /// What the desk has been told to make: `opus`, `h264` while anybody is here, `vp8`, `h264Small` or `vp8Small` while somebody
    /// needs them.
    package var deskStreams: [String] = []
    /// What the desk process says of itself, and whether somebody new may come in as far as the audit goes: what
    /// ``status`` is judged by.
    package var desk: DeskStatus.State?
    package var mayAdmit = true
    package var control = Control()
    package var media = Media()
    /// The page's; `nil`: there is none.
    package var certificate: Certificate?

    /// What browsers are shown.
    package struct Certificate: Encodable, Hashable, Sendable {
        /// Seconds since 1970.
        package var expires: Int64
        /// Whether its files have another one, which cannot be used.
        package var isNewerRefused: Bool
    }

    /// What became of the control events that reached the room.
    package struct Control: Encodable, Hashable, Sendable {
        package var forwarded: UInt64 = 0
        package var refused: UInt64 = 0
        package var undelivered: UInt64 = 0
        /// Keys and buttons that the desk has let go of by itself: the holder's page did not hold them, or was silent.
        package var released: UInt64 = 0
        /// Microseconds from the arrival of an event's packet to the desk's socket, as upper bounds; `nil`
        /// before the first.
        package var delayMedian: Int64?
        package var delay95: Int64?
        /// From a press to its picture, as the page of whoever drove last has measured it; `nil` before anybody has.
        package var inputToPicture: InputDelay?
    }

    /// What the media port has seen.
    package struct Media: Encodable, Hashable, Sendable {
        package var transports = 0
        package var datagramsReceived: UInt64 = 0
        package var datagramsSent: UInt64 = 0
        /// Datagrams from people whose address a router has changed.
        package var datagramsRebound: UInt64 = 0
        /// Datagrams that belonged to nobody, or that the kernel refused.
        package var datagramsUnclaimed: UInt64 = 0
        package var datagramsUnsent: UInt64 = 0
        /// How many addresses browsers are told to reach the media at, by where they are from.
        package var addresses: [AddressOrigin: Int] = [:]
    }

    package init() {}

    private enum CodingKeys: CodingKey {
        case status, problems, people, isAuditKept, isDeskConnected, deskStreams, control, media, certificate
    }
}
