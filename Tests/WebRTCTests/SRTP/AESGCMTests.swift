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

    @Test func theRTPPacketOfSection16IsSealed() throws {
        let sealed = try seal(0x5501_a0b2, 0xf17b, header: rtpHeader, word: nil, payload: rtpPayload)
        #expect(sealed == rtpSealed)
    }

    @Test func theRTPPacketOfSection16IsOpened() throws {
        let opened = try open(rtpSealed, 0x5501_a0b2, 0xf17b, header: 12, word: nil)
        #expect(opened == rtpHeader + rtpPayload)
    }

    @Test func theTagOfSection16ForAnAuthenticatedOnlyPacketIsMade() throws {
        let sealed = try seal(0x5501_a0b2, 0xf17b, header: rtpHeader + rtpPayload, word: nil, payload: [])
        #expect(Array(sealed.suffix(16)) == SRTPPackets.bytes("22493f82d2bce397e9d79e3b19aa4216"))
    }

    @Test func theRTCPPacketOfSection17IsSealed() throws {
        let sealed = try seal(0x4d61_7273, 0x5d4, header: rtcpHeader, word: 0x8000_05d4, payload: rtcpPayload)
        #expect(sealed == rtcpSealed)
    }

    @Test func theRTCPPacketOfSection17IsOpened() throws {
        let packet = rtcpSealed + SRTPPackets.bytes("800005d4")
        let opened = try open(packet, 0x4d61_7273, 0x5d4, header: 8, word: 0x8000_05d4)
        #expect(opened == rtcpHeader + rtcpPayload)
    }

    @Test func theTagOfSection17ForAnAuthenticatedOnlyPacketIsMade() throws {
        let sealed = try seal(0x4d61_7273, 0x5d4, header: rtcpHeader + rtcpPayload, word: 0x5d4, payload: [])
        #expect(Array(sealed.suffix(16)) == SRTPPackets.bytes("841dd9683dd78ec92ae58790125f62b3"))
    }

    @Test func aPrefixIsSealedAsIfItWereTheStartOfThePayload() throws {
        let whole = try seal(1, 2, header: rtpHeader, word: nil, payload: [0xab, 0xcd] + rtpPayload)
        let prefixed = try seal(1, 2, header: rtpHeader, word: nil, prefix: 0xabcd, payload: rtpPayload)
        #expect(prefixed == whole)
    }

    @Test func keysOfTheWrongLengthAreRefused() {
        #expect(throws: SRTPError.malformed) { _ = try AESGCM(.seal, key: key + [0], salt: salt) }
        #expect(throws: SRTPError.malformed) { _ = try AESGCM(.open, key: key, salt: salt + [0, 0]) }
    }

    private func seal(
        _ ssrc: UInt32,
        _ index: UInt64,
        header: [UInt8],
        word: UInt32?,
        prefix: UInt16? = nil,
        payload: [UInt8]
    ) throws -> [UInt8] {
        let cipher = try AESGCM(.seal, key: key, salt: salt)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
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
        _ packet: [UInt8],
        _ ssrc: UInt32,
        _ index: UInt64,
        header: Int,
        word: UInt32?
    ) throws -> [UInt8] {
        let cipher = try AESGCM(.open, key: key, salt: salt)
        var packet = packet
        var span = packet.mutableSpan
        var raw = span.mutableBytes
        let length = try cipher.open(&raw, ssrc: ssrc, index: index, header: header, word: word)
        return [UInt8](packet[..<length])
    }
}
