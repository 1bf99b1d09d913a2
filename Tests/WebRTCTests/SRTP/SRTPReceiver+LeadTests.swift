import Testing
import WebRTC
import Wire

/// Whose a packet from an unknown address may be.
@Suite struct SRTPReceiverLeadTests {
    private static let ssrc: UInt32 = 0x1234_5678

    @Test(
        arguments: [
            // The number of the next packet, and its lead over 65,530.
            (65_531, 1), (65_535, 5), (65_540, 10), (65_530 + 1_024, 1_024), (65_530 + 1_025, nil),
            (65_529, 1), (65_530 - 1_023, 1_023), (65_530 - 1_024, nil), (65_530, nil),
        ] as [(Int, UInt64?)]
    )
    func theLeadOfRTPCountsAcrossTheWrap(number: Int, lead: UInt64?) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(.aeadAES128GCM))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(.aeadAES128GCM))
        let first = try peer.protectRTP(SRTPPackets.header(sequence: 65_530), payload: [1])
        _ = receiver.unprotectRTP(first)
        // Nothing is decrypted for it.
        let header = SRTPPackets.header(sequence: UInt16(truncatingIfNeeded: number))
        let packet = header + SRTPPackets.payload(40)
        let found = receiver.leadOfRTP(packet)
        #expect(found == lead)
        let other = SRTPPackets.header(sequence: 65_531, ssrc: 1) + SRTPPackets.payload(40)
        let stranger = receiver.leadOfRTP(other)
        #expect(stranger == nil, "nobody has sent under this SSRC")
    }

    @Test func theLeadOfRTCPCountsReports() throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(.aeadAES128GCM))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(.aeadAES128GCM))
        var reports: [[UInt8]] = []
        for _ in 0..<6 { reports.append(try peer.protectRTCP(SRTPPackets.report())) }
        let before = receiver.leadOfRTCP(reports[0])
        #expect(before == nil)
        _ = receiver.unprotectRTCP(reports[1])
        var leads: [UInt64?] = []
        for report in reports { leads.append(receiver.leadOfRTCP(report)) }
        #expect(leads == [1, nil, 1, 2, 3, 4])
    }

    @Test func libsrtpTellsTheSourceOnly() throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(.aesCM128HMACSHA1_80))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(.aesCM128HMACSHA1_80))
        let report = try peer.protectRTCP(SRTPPackets.report())
        let before = receiver.leadOfRTCP(report)
        _ = receiver.unprotectRTCP(report)
        let after = receiver.leadOfRTCP(report)
        let media = SRTPPackets.header(sequence: 1) + SRTPPackets.payload(40)
        let ofMedia = receiver.leadOfRTP(media)
        #expect((before, after, ofMedia) == (nil, ReplayWindow.size, ReplayWindow.size))
    }

    @Test(arguments: [SRTPProfile.aeadAES128GCM, .aesCM128HMACSHA1_80])
    func everyTruncationIsNobodysOrWhole(profile: SRTPProfile) throws {
        var receiver = try SRTPReceiver(SRTPPackets.material(profile))
        var peer = try SRTPSender(SRTPPackets.peerMaterial(profile))
        let header = SRTPPackets.header(sequence: 7, contributing: 2, extensionWords: 2)
        let media = try peer.protectRTP(header, payload: SRTPPackets.payload(20))
        let report = try peer.protectRTCP(SRTPPackets.report())
        _ = receiver.unprotectRTP(media)
        _ = receiver.unprotectRTCP(report)
        for count in 0..<header.count {
            let lead = receiver.leadOfRTP(Array(media[..<count]))
            #expect(lead == nil, "\(count) bytes")
        }
        for count in 0..<8 {
            let lead = receiver.leadOfRTCP(Array(report[..<count]))
            #expect(lead == nil, "\(count) bytes")
        }
    }
}

extension SRTPReceiver {
    fileprivate mutating func leadOfRTP(_ packet: [UInt8]) -> UInt64? { leadOfRTP(packet.span.bytes) }
    fileprivate mutating func leadOfRTCP(_ packet: [UInt8]) -> UInt64? { leadOfRTCP(packet.span.bytes) }
}
