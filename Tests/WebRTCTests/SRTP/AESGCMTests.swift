import Testing
import WebRTC

/// RFC 7714 §16 and §17, AEAD_AES_128_GCM.
@Suite struct AESGCMTests {
    private let key = [UInt8](0..<16)
    private let salt = [UInt8]("Quid pro quo".utf8)

    private let rtpHeader = SRTPPackets.bytes("8040f17b8041f8d35501a0b2")
    private let rtpPayload = [UInt8]("Gallia est omnis divisa in partes tres".utf8)
    private let rtpSealed = SRTPPackets.bytes(
        """
        8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833\
        899d7f27beb16a9152cf765ee4390cce
        """
    )

    private let rtcpHeader = SRTPPackets.bytes("81c8000d4d617273")
    private let rtcpPayload = SRTPPackets.bytes(
        "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"
    )
    private let rtcpSealed = SRTPPackets.bytes(
        """
        81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b\
        c84aa45896cf4d2fc5abf87245d9eade
        """
    )

    @Test(arguments: Self.libraries) func theRTPPacketOfSection16IsSealed(_ usesOpenSSL: Bool) throws {
        let sealed = try seal(
            usesOpenSSL,
            0x5501_a0b2,
            0xf17b,
            header: rtpHeader,
            word: nil,
            payload: rtpPayload
        )
        #expect(sealed == rtpSealed)
    }

    @Test(arguments: Self.libraries) func theRTPPacketOfSection16IsOpened(_ usesOpenSSL: Bool) throws {
        let opened = try open(usesOpenSSL, rtpSealed, 0x5501_a0b2, 0xf17b, header: 12, word: nil)
        #expect(opened == rtpHeader + rtpPayload)
    }

    @Test(arguments: Self.libraries) func theTagOfSection16ForAnAuthenticatedOnlyPacketIsMade(
        _ usesOpenSSL: Bool
    ) throws {
        let sealed = try seal(
            usesOpenSSL,
            0x5501_a0b2,
            0xf17b,
            header: rtpHeader + rtpPayload,
            word: nil,
            payload: []
        )
        #expect(Array(sealed.suffix(16)) == SRTPPackets.bytes("22493f82d2bce397e9d79e3b19aa4216"))
    }

    @Test(arguments: Self.libraries) func theRTCPPacketOfSection17IsSealed(_ usesOpenSSL: Bool) throws {
        let sealed = try seal(
            usesOpenSSL,
            0x4d61_7273,
            0x5d4,
            header: rtcpHeader,
            word: 0x8000_05d4,
            payload: rtcpPayload
        )
        #expect(sealed == rtcpSealed)
    }

    @Test(arguments: Self.libraries) func theRTCPPacketOfSection17IsOpened(_ usesOpenSSL: Bool) throws {
        let packet = rtcpSealed + SRTPPackets.bytes("800005d4")
        let opened = try open(usesOpenSSL, packet, 0x4d61_7273, 0x5d4, header: 8, word: 0x8000_05d4)
        #expect(opened == rtcpHeader + rtcpPayload)
    }

    @Test(arguments: Self.libraries) func theTagOfSection17ForAnAuthenticatedOnlyPacketIsMade(
        _ usesOpenSSL: Bool
    ) throws {
        let sealed = try seal(
            usesOpenSSL,
            0x4d61_7273,
            0x5d4,
            header: rtcpHeader + rtcpPayload,
            word: 0x5d4,
            payload: []
        )
        #expect(Array(sealed.suffix(16)) == SRTPPackets.bytes("841dd9683dd78ec92ae58790125f62b3"))
    }

    @Test(arguments: Self.libraries) func aPrefixIsSealedAsIfItWereTheStartOfThePayload(
        _ usesOpenSSL: Bool
    ) throws {
        let whole = try seal(
            usesOpenSSL,
            1,
            2,
            header: rtpHeader,
            word: nil,
            payload: [0xab, 0xcd] + rtpPayload
        )
        let prefixed = try seal(
            usesOpenSSL,
            1,
            2,
            header: rtpHeader,
            word: nil,
            prefix: 0xabcd,
            payload: rtpPayload
        )
        #expect(prefixed == whole)
    }

    @Test func keysOfTheWrongLengthAreRefused() {
        #expect(throws: SRTPError.malformed) { _ = try AESGCM(.seal, key: key + [0], salt: salt) }
        #expect(throws: SRTPError.malformed) { _ = try AESGCM(.open, key: key, salt: salt + [0, 0]) }
    }

    @Test(arguments: Self.libraries) func whatWasTamperedWithIsNotOpened(_ usesOpenSSL: Bool) throws {
        for position in rtpSealed.indices {
            var packet = rtpSealed
            packet[position] ^= 1
            #expect(throws: SRTPError.notAuthentic) {
                try open(usesOpenSSL, packet, 0x5501_a0b2, 0xf17b, header: 12, word: nil)
            }
        }
    }

    @Test func bothLibrariesAgreeOnEveryLength() throws {
        for length in 0...1_400 {
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let sealed = try seal(false, 9, UInt64(length), header: rtpHeader, word: nil, payload: payload)
            #expect(
                try seal(true, 9, UInt64(length), header: rtpHeader, word: nil, payload: payload) == sealed
            )
        }
    }

    /// Whether OpenSSL serves; both are the same where there is only one.
    private static let libraries = [false, true]

    private func seal(
        _ usesOpenSSL: Bool,
        _ ssrc: UInt32,
        _ index: UInt64,
        header: [UInt8],
        word: UInt32?,
        prefix: UInt16? = nil,
        payload: [UInt8]
    ) throws -> [UInt8] {
        let cipher = try AESGCM(.seal, key: key, salt: salt, usesOpenSSL: usesOpenSSL)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_500, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: header)
        var out = OutputRawSpan(buffer: memory, initializedCount: header.count)
        try cipher.seal(
            ssrc: ssrc,
            index: index,
            header: header.count,
            word: word,
            prefix: prefix,
            payload: payload.span.bytes,
            into: &out
        )
        return [UInt8](memory[..<out.finalize(for: memory)])
    }

    private func open(
        _ usesOpenSSL: Bool,
        _ packet: [UInt8],
        _ ssrc: UInt32,
        _ index: UInt64,
        header: Int,
        word: UInt32?
    ) throws -> [UInt8] {
        let cipher = try AESGCM(.open, key: key, salt: salt, usesOpenSSL: usesOpenSSL)
        var packet = packet
        var span = packet.mutableSpan
        var raw = span.mutableBytes
        let length = try cipher.open(&raw, ssrc: ssrc, index: index, header: header, word: word)
        return [UInt8](packet[..<length])
    }
}
