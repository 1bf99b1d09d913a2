import Testing
import WebRTC

@Suite struct DTLSFingerprintTests {
    private static let text =
        "sha-256 " + (0..<32).map { $0 < 16 ? "0A" : "F\($0 % 10)" }.joined(separator: ":")

    @Test func `A fingerprint of SDP is read and written`() throws {
        let fingerprint = try #require(DTLSFingerprint(sdp: Self.text))
        #expect(fingerprint.algorithm == .sha256)
        #expect(
            fingerprint.bytes.prefix(17) == [
                10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 0xf6,
            ]
        )
        #expect(fingerprint.sdp == Self.text)
    }

    @Test func `Case does not matter`() {
        #expect(DTLSFingerprint(sdp: Self.text.lowercased()) == DTLSFingerprint(sdp: Self.text))
        #expect(DTLSFingerprint(sdp: Self.text.uppercased()) == DTLSFingerprint(sdp: Self.text))
    }

    @Test(arguments: DTLSFingerprint.Algorithm.allCases)
    func `Every algorithm has its length`(_ algorithm: DTLSFingerprint.Algorithm) throws {
        let bytes = (0..<algorithm.digestLength).map { UInt8($0) }
        let fingerprint = try #require(DTLSFingerprint(algorithm: algorithm, bytes: bytes))
        #expect(DTLSFingerprint(sdp: fingerprint.sdp) == fingerprint)
        #expect(DTLSFingerprint(algorithm: algorithm, bytes: bytes.dropLast()) == nil)
        #expect(DTLSFingerprint(algorithm: algorithm, bytes: bytes + [0]) == nil)
    }

    @Test func `Every truncation is refused`() {
        for length in 0..<Self.text.count {
            #expect(DTLSFingerprint(sdp: String(Self.text.prefix(length))) == nil)
        }
    }

    @Test(arguments: [
        text + ":00",
        text + " x",
        text.replacingFirst(" ", with: ""),
        text.replacingFirst("sha-256", with: "sha-384"),
        text.replacingFirst("sha-256", with: "md5"),
        text.replacingFirst("sha-256", with: "sha-1"),
        text.replacingFirst("0A:0A", with: "0A0A:"),
        text.replacingFirst("0A:0A", with: "0A-0A"),
        text.replacingFirst("0A", with: "0G"),
        text.replacingFirst("0A", with: "+1"),
        text.replacingFirst("0A", with: "é"),
    ])
    func `Anything else is refused`(_ text: String) {
        #expect(DTLSFingerprint(sdp: text) == nil)
    }

    @Test func `Certificates differ, and each has a SHA-256 fingerprint`() throws {
        let first = try DTLSCertificate(), second = try DTLSCertificate()
        #expect(first.fingerprint.algorithm == .sha256)
        #expect(first.fingerprint != second.fingerprint)
    }
}

extension String {
    fileprivate func replacingFirst(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return replacingCharacters(in: range, with: other)
    }

    private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
