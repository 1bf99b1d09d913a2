/// The 48-bit index of an RTP packet: how often the sequence number has wrapped, and the sequence number.
///
/// Only the lower half travels in the packet; ``estimate(_:)`` recovers the rest (RFC 3711 §3.3.1).
package struct SRTPPacketIndex: Hashable, Sendable {
    /// `2^16 × rollover counter + sequence number`, 0…2^48 - 1.
    package var rawValue: UInt64

    package init(rolloverCounter: UInt32, sequenceNumber: UInt16) {
        rawValue = UInt64(rolloverCounter) << 16 | UInt64(sequenceNumber)
    }

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package var rolloverCounter: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 16) }
    package var sequenceNumber: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    /// The index of the packet with `sequenceNumber` that lies nearest to this, the highest one known.
    ///
    /// `nil` if the rollover counter would wrap, after which the keys must not be used any more (RFC 3711
    /// §9.2). Before the first wrap no packet can lie behind the stream's start: every number is in the first
    /// round.
    package func estimate(_ sequenceNumber: UInt16) -> Self? {
        let distance = Int(sequenceNumber) - Int(self.sequenceNumber)
        if distance < -0x8000 {
            guard rolloverCounter < .max else { return nil }
            return Self(rolloverCounter: rolloverCounter + 1, sequenceNumber: sequenceNumber)
        }
        if distance > 0x8000, rolloverCounter > 0 {
            return Self(rolloverCounter: rolloverCounter - 1, sequenceNumber: sequenceNumber)
        }
        return Self(rolloverCounter: rolloverCounter, sequenceNumber: sequenceNumber)
    }
}
