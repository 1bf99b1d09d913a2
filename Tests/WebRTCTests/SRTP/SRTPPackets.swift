import WebRTC
import Wire

/// Keys, packets and array-shaped calls for the SRTP tests.
enum SRTPPackets {
    /// The bytes that `hexadecimal` spells.
    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap { $0.hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func material(_ profile: SRTPProfile) -> SRTPKeyingMaterial {
        SRTPKeyingMaterial(
            profile: profile,
            localKey: (0..<16).map { 0x10 + $0 },
            localSalt: (0..<UInt8(profile.saltLength)).map { 0xa0 + $0 },
            remoteKey: (0..<16).map { 0x50 + $0 },
            remoteSalt: (0..<UInt8(profile.saltLength)).map { 0xe0 + $0 }
        )
    }

    /// The same keys as the other side sees them.
    static func peerMaterial(_ profile: SRTPProfile) -> SRTPKeyingMaterial {
        let ours = material(profile)
        return SRTPKeyingMaterial(
            profile: profile,
            localKey: ours.remoteKey,
            localSalt: ours.remoteSalt,
            remoteKey: ours.localKey,
            remoteSalt: ours.localSalt
        )
    }

    static func header(
        sequence: UInt16,
        ssrc: UInt32 = 0x1234_5678,
        contributing: Int = 0,
        extensionWords: Int? = nil
    ) -> [UInt8] {
        var bytes: [UInt8] = [0x80 | UInt8(contributing) | (extensionWords == nil ? 0 : 0x10), 96]
        bytes += [UInt8(sequence >> 8), UInt8(truncatingIfNeeded: sequence), 0, 0, 0x0f, 0xa0]
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: ssrc >> (24 - 8 * $0)) }
        bytes += (0..<(4 * contributing)).map { 0xc0 | UInt8($0 & 0xf) }
        if let extensionWords {
            bytes += [0xbe, 0xde, 0, UInt8(extensionWords)]
            bytes += (0..<(4 * extensionWords)).map { $0 % 4 == 0 ? 0x12 : UInt8($0) }
        }
        return bytes
    }

    static func payload(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    }

    /// A receiver report with one block, 32 bytes.
    static func report(ssrc: UInt32 = 0x1234_5678) -> [UInt8] {
        [0x81, 201, 0, 7] + (0..<4).map { UInt8(truncatingIfNeeded: ssrc >> (24 - 8 * $0)) } + payload(24)
    }
}

extension SRTPSender {
    mutating func protectRTP(
        _ header: [UInt8],
        prefix: UInt16? = nil,
        payload: [UInt8],
        capacity: Int = 1_500
    ) throws(SRTPError) -> [UInt8] {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
        defer { memory.deallocate() }
        var out = OutputRawSpan(buffer: memory, initializedCount: 0)
        out.append(copying: header.span.bytes)
        try protectRTP(headerLength: header.count, prefix: prefix, payload: payload.span.bytes, into: &out)
        return [UInt8](memory[..<out.finalize(for: memory)])
    }

    mutating func protectRTCP(_ compound: [UInt8], capacity: Int = 1_500) throws(SRTPError) -> [UInt8] {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
        defer { memory.deallocate() }
        var out = OutputRawSpan(buffer: memory, initializedCount: 0)
        try protectRTCP(compound.span.bytes, into: &out)
        return [UInt8](memory[..<out.finalize(for: memory)])
    }
}

extension SRTPReceiver {
    mutating func unprotectRTP(_ packet: [UInt8]) -> Result<[UInt8], SRTPError> {
        var bytes = packet
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        do throws(SRTPError) {
            let length = try unprotectRTP(&raw)
            return .success([UInt8](bytes[..<length]))
        } catch {
            return .failure(error)
        }
    }

    mutating func unprotectRTCP(_ packet: [UInt8]) -> Result<[UInt8], SRTPError> {
        var bytes = packet
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        do throws(SRTPError) {
            let length = try unprotectRTCP(&raw)
            return .success([UInt8](bytes[..<length]))
        } catch {
            return .failure(error)
        }
    }
}
