internal import Wire

/// Memory that is needed while one packet is written, shared by all transports: one thread writes one packet at
/// a time.
final class Scratch {
    /// For one compound RTCP packet.
    var compound = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)
    /// For one payload with other numbers in it.
    var payload = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)
    /// For one dependency descriptor.
    var descriptor = [UInt8](repeating: 0, count: 255)
    /// For one datagram from an unknown address, as long as the port takes.
    var datagram = [UInt8](repeating: 0, count: 2_048)
    /// For one feedback message.
    var feedback = TransportFeedbackResults()
    /// For one packet on its way to a reader in this process.
    var leaving = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)
    /// For one SCTP packet.
    var packet = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)
}
