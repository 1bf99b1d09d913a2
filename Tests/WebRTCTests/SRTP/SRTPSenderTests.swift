import Testing
import WebRTC
import Wire

private let profiles: [SRTPProfile] = [.aeadAES128GCM, .aesCM128HMACSHA1_80]

@Suite struct SRTPSenderTests {
    @Test(arguments: profiles)
    func libsrtpReadsEveryShapeOfPacket(profile: SRTPProfile) throws {
        var sender = try SRTPSender(SRTPPackets.material(profile))
        let oracle = try #require(LibSRTPOracle(SRTPPackets.material(profile), inbound: true))
        var sequence: UInt16 = 1
        for contributing in [0, 1, 15] {
            for extensionWords in [nil, 0, 1, 20] as [Int?] {
                for count in [0, 1, 15, 16, 17, 160, 1_200] {
                    sequence += 1
                    let header = SRTPPackets.header(
                        sequence: sequence,
                        contributing: contributing,
                        extensionWords: extensionWords
                    )
                    let payload = SRTPPackets.payload(count)
                    let protected = try sender.protectRTP(header, payload: payload)
                    #expect(Array(protected.prefix(header.count)) == header)
                    #expect(oracle.unprotectRTP(protected) == header + payload)
                }
            }
        }
    }

    @Test(arguments: profiles)
    func libsrtpReadsTheOriginalSequenceNumberOfARetransmission(profile: SRTPProfile) throws {
        var sender = try SRTPSender(SRTPPackets.material(profile))
        let oracle = try #require(LibSRTPOracle(SRTPPackets.material(profile), inbound: true))
        for (sequence, count) in [0, 1, 13, 14, 1_198].enumerated() {
            let header = SRTPPackets.header(sequence: UInt16(sequence), ssrc: 77, extensionWords: 2)
            let payload = SRTPPackets.payload(count)
            let protected = try sender.protectRTP(header, prefix: 0xbeef, payload: payload)
            #expect(oracle.unprotectRTP(protected) == header + [0xbe, 0xef] + payload)
        }
    }

    @Test(arguments: profiles)
    func theRolloverCounterFollowsTheSequenceNumber(profile: SRTPProfile) throws {
        var sender = try SRTPSender(SRTPPackets.material(profile))
        let oracle = try #require(LibSRTPOracle(SRTPPackets.material(profile), inbound: true))
        let payload = SRTPPackets.payload(20)
        // Four rounds, in jumps of less than half the number space.
        for index in stride(from: 10, to: 4 * 65_536, by: 9_973) {
            for ssrc in [1, 2, 0xffff_ffff] as [UInt32] {
                let header = SRTPPackets.header(sequence: UInt16(truncatingIfNeeded: index), ssrc: ssrc)
                let protected = try sender.protectRTP(header, payload: payload)
                #expect(oracle.unprotectRTP(protected) == header + payload)
            }
        }
    }

    @Test(arguments: profiles)
    func aPacketResentAfterTheWrapIsTheSameAsBefore(profile: SRTPProfile) throws {
        var sender = try SRTPSender(SRTPPackets.material(profile))
        let payload = SRTPPackets.payload(40)
        var sent: [[UInt8]] = []
        let indices = (65_000..<66_000).map { UInt16(truncatingIfNeeded: $0) }
        for sequence in [30_000] + indices {
            sent.append(try sender.protectRTP(SRTPPackets.header(sequence: sequence), payload: payload))
        }
        for (position, sequence) in indices.enumerated() {
            let again = try sender.protectRTP(SRTPPackets.header(sequence: sequence), payload: payload)
            #expect(again == sent[position + 1])
        }
    }

    @Test func aResentPacketDoesNotMoveTheStreamBack() throws {
        var sender = try SRTPSender(SRTPPackets.material(.aeadAES128GCM))
        let oracle = try #require(LibSRTPOracle(SRTPPackets.material(.aeadAES128GCM), inbound: true))
        let payload = SRTPPackets.payload(40)
        // The last number lies more than half the number space after the resent one, 300.
        for sequence in [40_000, 300, 33_000, 300, 33_100] as [UInt16] {
            let header = SRTPPackets.header(sequence: sequence)
            let protected = try sender.protectRTP(header, payload: payload)
            let plain = oracle.unprotectRTP(protected)
            // The second time libsrtp refuses it as a replay.
            #expect(plain == header + payload || sequence == 300)
        }
    }

    @Test(arguments: profiles)
    func libsrtpReadsReports(profile: SRTPProfile) throws {
        var sender = try SRTPSender(SRTPPackets.material(profile))
        let oracle = try #require(LibSRTPOracle(SRTPPackets.material(profile), inbound: true))
        for ssrc in [1, 2, 1, 1, 2] as [UInt32] {
            let report = SRTPPackets.report(ssrc: ssrc)
            let protected = try sender.protectRTCP(report)
            #expect(Array(protected.prefix(8)) == Array(report.prefix(8)))
            #expect(oracle.unprotectRTCP(protected) == report)
        }
    }

    @Test(arguments: profiles)
    func tooLittleRoomIsReportedAndNothingIsLost(profile: SRTPProfile) throws {
        var sender = try SRTPSender(SRTPPackets.material(profile))
        let header = SRTPPackets.header(sequence: 9)
        let payload = SRTPPackets.payload(30)
        let needed = try sender.protectRTP(header, prefix: 1, payload: payload).count
        for capacity in header.count..<needed {
            #expect(throws: SRTPError.noRoom) {
                _ = try sender.protectRTP(header, prefix: 1, payload: payload, capacity: capacity)
            }
        }
        #expect(try sender.protectRTP(header, prefix: 1, payload: payload, capacity: needed).count == needed)

        let report = SRTPPackets.report()
        for capacity in 0..<report.count {
            #expect(throws: SRTPError.noRoom) { _ = try sender.protectRTCP(report, capacity: capacity) }
        }
        #expect(try !sender.protectRTCP(report, capacity: report.count + SRTPSender.rtcpOverhead).isEmpty)
    }

    @Test(arguments: profiles)
    func aHeaderThatIsNotOneIsRefused(profile: SRTPProfile) throws {
        var sender = try SRTPSender(SRTPPackets.material(profile))
        let header = SRTPPackets.header(sequence: 9, contributing: 1, extensionWords: 2)
        for length in 0..<header.count {
            #expect(throws: SRTPError.malformed) {
                _ = try sender.protectRTP(Array(header.prefix(length)), payload: [1])
            }
        }
        #expect(throws: SRTPError.malformed) { _ = try sender.protectRTP(header + [0], payload: [1]) }
        #expect(throws: SRTPError.malformed) {
            _ = try sender.protectRTP([0] + header.dropFirst(), payload: [1])
        }
        for length in 0..<8 {
            #expect(throws: SRTPError.malformed) {
                _ = try sender.protectRTCP(Array(SRTPPackets.report().prefix(length)))
            }
        }
    }

    @Test(arguments: profiles)
    func keysOfTheWrongLengthAreRefused(profile: SRTPProfile) {
        var material = SRTPPackets.material(profile)
        material.localSalt.removeLast()
        #expect(throws: SRTPError.malformed) { _ = try SRTPSender(material) }
        material.remoteKey.append(0)
        #expect(throws: SRTPError.malformed) { _ = try SRTPReceiver(material) }
    }
}
