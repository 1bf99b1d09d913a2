import COpenSSL
import Testing
import WebRTC
import Wire

private let profiles: [SRTPProfile] = [.aeadAES128GCM, .aesCM128HMACSHA1_80]

@Suite struct SRTPReceiverTests {
    @Test(arguments: profiles)
    func whatLibsrtpSendsIsRead(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        let oracle = try #require(LibSRTPOracle(SRTPPackets.material(profile), inbound: false))
        var sequence: UInt16 = 1
        for contributing in [0, 2, 15] {
            for extensionWords in [nil, 0, 3] as [Int?] {
                for count in [0, 1, 16, 31, 1_100] {
                    sequence += 1
                    let header = SRTPPackets.header(
                        sequence: sequence,
                        contributing: contributing,
                        extensionWords: extensionWords
                    )
                    let packet = header + SRTPPackets.payload(count)
                    let protected = try #require(oracle.protectRTP(packet))
                    let plain = receiver.unprotectRTP(protected)
                    #expect(plain == .success(packet))
                }
            }
        }
        for ssrc in [1, 2, 1] as [UInt32] {
            let report = SRTPPackets.report(ssrc: ssrc)
            let protected = try #require(oracle.protectRTCP(report))
            let plain = receiver.unprotectRTCP(protected)
            #expect(plain == .success(report))
            let replay = receiver.unprotectRTCP(protected)
            #expect(replay == .failure(.replayed))
        }
    }

    @Test(arguments: profiles)
    func packetsInDisorderAcrossTheWrapAreReadOnce(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        let oracle = try #require(LibSRTPOracle(SRTPPackets.material(profile), inbound: false))
        var random = SplitMix64(seed: 3)
        // Around two wraps in blocks of 200 that are shuffled, well within the window; in between in long
        // steps.
        let blocks =
            stride(from: 65_000, to: 66_000, by: 200).map { Array($0..<($0 + 200)) }
            + stride(from: 66_000, to: 130_000, by: 9_000).map { [$0] }
            + stride(from: 130_600, to: 131_600, by: 200).map { Array($0..<($0 + 200)) }
        for block in blocks {
            var packets: [(plain: [UInt8], protected: [UInt8])] = []
            for index in block {
                let header = SRTPPackets.header(sequence: UInt16(truncatingIfNeeded: index))
                let plain = header + SRTPPackets.payload(10)
                packets.append((plain, try #require(oracle.protectRTP(plain))))
            }
            for packet in packets.shuffled(using: &random) {
                let first = receiver.unprotectRTP(packet.protected)
                #expect(first == .success(packet.plain))
                let second = receiver.unprotectRTP(packet.protected)
                #expect(second == .failure(.replayed))
            }
        }
    }

    @Test(arguments: profiles)
    func aPacketOlderThanTheWindowIsARefusedReplay(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(profile))
        let old = try peer.protectRTP(SRTPPackets.header(sequence: 100), payload: [1])
        let edge = try peer.protectRTP(SRTPPackets.header(sequence: 101), payload: [1])
        let new = try peer.protectRTP(SRTPPackets.header(sequence: 101 + 1_023), payload: [1])
        let results = [new, old, edge, edge].map { receiver.unprotectRTP($0).map { _ in true } }
        #expect(results == [.success(true), .failure(.replayed), .success(true), .failure(.replayed)])
    }

    @Test(arguments: profiles)
    func aChangeOfAnyByteIsNoticedAndLeavesNoTrace(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(profile))
        let header = SRTPPackets.header(sequence: 500, contributing: 1, extensionWords: 1)
        _ = receiver.unprotectRTP(try peer.protectRTP(header, payload: [0]))
        let packet = try peer.protectRTP(
            SRTPPackets.header(sequence: 501, contributing: 1, extensionWords: 1),
            payload: SRTPPackets.payload(50)
        )
        let report = try peer.protectRTCP(SRTPPackets.report())
        // Another test may have left something on this thread.
        ERR_clear_error()
        for position in packet.indices {
            for bit in 0..<8 {
                var tampered = packet
                tampered[position] ^= 1 << UInt8(bit)
                guard case .failure(.malformed) = receiver.unprotectRTP(tampered) else {
                    let result = receiver.unprotectRTP(tampered)
                    #expect(result == .failure(.notAuthentic) || result == .failure(.replayed))
                    continue
                }
            }
        }
        for position in report.indices {
            for bit in 0..<8 {
                var tampered = report
                tampered[position] ^= 1 << UInt8(bit)
                let result = receiver.unprotectRTCP(tampered)
                #expect(result == .failure(.notAuthentic) || result == .failure(.malformed))
            }
        }
        #expect(ERR_peek_error() == 0)
        // Forged sequence numbers and sources have moved neither window nor count.
        let results = [receiver.unprotectRTP(packet), receiver.unprotectRTCP(report)]
        #expect(results.map { (try? $0.get())?.count } == [packet.count - trailer(profile), 32])
    }

    @Test(arguments: profiles)
    func everyTruncationIsRefused(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(profile))
        let header = SRTPPackets.header(sequence: 5, contributing: 2, extensionWords: 2)
        let packet = try peer.protectRTP(header, payload: SRTPPackets.payload(40))
        let report = try peer.protectRTCP(SRTPPackets.report())
        for length in packet.indices {
            let result = receiver.unprotectRTP(Array(packet.prefix(length)))
            let isShort = length < header.count + trailer(profile)
            #expect(result == .failure(isShort ? .malformed : .notAuthentic))
        }
        for length in report.indices {
            let result = receiver.unprotectRTCP(Array(report.prefix(length)))
            #expect(result == .failure(.malformed) || result == .failure(.notAuthentic))
        }
        let whole = receiver.unprotectRTP(packet)
        #expect((try? whole.get())?.prefix(header.count) == header[...])
    }

    @Test(arguments: profiles)
    func arbitraryBytesAreRefused(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        var random = SplitMix64(seed: 4)
        for _ in 0..<5_000 {
            var noise = (0..<Int.random(in: 0...120, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            if !noise.isEmpty, Bool.random(using: &random) { noise[0] = 0x80 | noise[0] & 0x3f }
            let results = [receiver.unprotectRTP(noise), receiver.unprotectRTCP(noise)]
            #expect(results.allSatisfy { $0 == .failure(.malformed) || $0 == .failure(.notAuthentic) })
        }
    }

    @Test(arguments: profiles)
    func onlySoManySourcesAreFollowed(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(profile))
        // Forged packets of other sources do not take the room of real ones.
        for ssrc in UInt32(1_000)..<1_200 {
            let result = receiver.unprotectRTP(
                SRTPPackets.header(sequence: 1, ssrc: ssrc) + SRTPPackets.payload(60)
            )
            #expect(result == .failure(.notAuthentic))
        }
        for ssrc in 0..<UInt32(SRTPReceiver.maximumStreams) {
            let packet = try peer.protectRTP(SRTPPackets.header(sequence: 1, ssrc: ssrc), payload: [1])
            let result = receiver.unprotectRTP(packet)
            #expect((try? result.get()) != nil)
        }
        let another = try peer.protectRTP(SRTPPackets.header(sequence: 1, ssrc: 500), payload: [1])
        let refused = receiver.unprotectRTP(another)
        #expect(refused == .failure(.tooManyStreams))
        let known = try peer.protectRTP(SRTPPackets.header(sequence: 2, ssrc: 63), payload: [1])
        let accepted = receiver.unprotectRTP(known)
        #expect((try? accepted.get()) != nil)
    }

    @Test func aReportWithoutEncryptionIsRefused() throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(.aeadAES128GCM))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(.aeadAES128GCM))
        _ = try peer.protectRTCP(SRTPPackets.report())
        var report = try peer.protectRTCP(SRTPPackets.report())
        report[report.count - 4] &= 0x7f
        let result = receiver.unprotectRTCP(report)
        #expect(result == .failure(.malformed))
    }

    @Test(arguments: profiles)
    func anotherSessionsPacketsAreRefused(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        // Reflected: protected with our own sending keys.
        var own = try SRTPSender(SRTPPackets.material(profile))
        let packet = try own.protectRTP(SRTPPackets.header(sequence: 1), payload: [1, 2, 3])
        let result = receiver.unprotectRTP(packet)
        #expect(result == .failure(.notAuthentic))
    }

    private func trailer(_ profile: SRTPProfile) -> Int {
        profile == .aeadAES128GCM ? 16 : 10
    }
}
