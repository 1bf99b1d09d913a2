#if canImport(Wire)
internal import Wire
#endif

/// What part of the way from an event to its picture took how long between the room's port and back: told to the event's sender on
/// the `control` channel, whose page adds the network and its own decoder.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  type = 0x54  |                       0                       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           lease id                            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                   client time of the event                    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |             RTP timestamp of the picture, as sent             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |       microseconds: inject, application, capture, encode      |
/// |                              ...                              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public struct EffectMessage: Hashable, Sendable {
    public var lease: LeaseID
    public var clientTime: UInt32
    /// As the sender's page is sent it.
    public var rtpTimestamp: UInt32
    /// From the arrival of the event's packet in the room to the X server, in microseconds.
    public var inject: UInt32
    /// Until something on the screen had changed.
    public var application: UInt32
    /// Until a picture of it had been read and converted, a wait for the rate of frames included.
    public var capture: UInt32
    /// Until its last packet went to the room.
    public var encode: UInt32

    /// - Parameter received: When the event's packet arrived in the room, in nanoseconds of the system's monotonic clock.
    public init(_ effect: DeskEffect, received: UInt64, rtpTimestamp: UInt32) {
        func microseconds(_ start: UInt64, _ end: UInt64) -> UInt32 {
            UInt32(clamping: end > start ? (end - start) / 1_000 : 0)
        }
        lease = effect.lease
        clientTime = effect.clientTime
        self.rtpTimestamp = rtpTimestamp
        inject = microseconds(received, effect.injected)
        application = microseconds(effect.injected, effect.changed)
        capture = microseconds(effect.changed, effect.read)
        encode = microseconds(effect.read, effect.sent)
    }

    public static let encodedLength = 32

    /// The message as bytes of its own; allocates.
    public func encoded() -> [UInt8] {
        [UInt8](writing: Self.encodedLength) { output in
            output.append(network: Self.type)
            output.append(network: lease.rawValue)
            output.append(network: clientTime)
            output.append(network: rtpTimestamp)
            output.append(network: inject)
            output.append(network: application)
            output.append(network: capture)
            output.append(network: encode)
        }
    }

    private static let type: UInt32 = 0x5400_0000
}
