import Testing
import WebRTC

@Suite struct SRTPKeyDerivationTests {
    private let masterKey = SRTPPackets.bytes("E1F97A0D3E018BE0D64FA32C06DE4139")
    private let masterSalt = SRTPPackets.bytes("0EC675AD498AFEEBB6960B3AABE6")

    @Test func theVectorsOfRFC3711AppendixB3AreDerived() throws {
        let derivation = try SRTPKeyDerivation(masterKey: masterKey, masterSalt: masterSalt)
        #expect(
            try derivation.derive(.rtpEncryption, count: 16)
                == SRTPPackets.bytes("C61E7A93744F39EE10734AFE3FF7A087")
        )
        #expect(
            try derivation.derive(.rtpSalt, count: 14) == SRTPPackets.bytes("30CBBC08863D8C85D49DB34A9AE1")
        )
        let authentication = SRTPPackets.bytes(
            """
            CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCE\
            E049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25\
            6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2
            """
        )
        #expect(try derivation.derive(.rtpAuthentication, count: 94) == authentication)
    }

    @Test func aShorterSaltIsFilledUpWithZeros() throws {
        let short = try SRTPKeyDerivation(masterKey: masterKey, masterSalt: Array(masterSalt.prefix(12)))
        let filled = try SRTPKeyDerivation(masterKey: masterKey, masterSalt: masterSalt.prefix(12) + [0, 0])
        #expect(try short.derive(.rtcpSalt, count: 12) == filled.derive(.rtcpSalt, count: 12))
    }

    @Test func everyLabelYieldsAnotherKey() throws {
        let derivation = try SRTPKeyDerivation(masterKey: masterKey, masterSalt: masterSalt)
        let labels: [SRTPKeyLabel] = [
            .rtpEncryption, .rtpAuthentication, .rtpSalt, .rtcpEncryption, .rtcpAuthentication, .rtcpSalt,
        ]
        #expect(Set(try labels.map { try derivation.derive($0, count: 16) }).count == labels.count)
    }

    @Test func keysOfTheWrongLengthAreRefused() {
        #expect(throws: SRTPError.malformed) { try SRTPKeyDerivation(masterKey: [], masterSalt: []) }
        #expect(throws: SRTPError.malformed) {
            try SRTPKeyDerivation(masterKey: masterKey, masterSalt: masterSalt + [0])
        }
    }
}
