import TestSupport
import Testing
import Wire

/// The examples are in the form of RFC 7741 §4.2 and §4.6.
@Suite struct VP8PayloadDescriptorTests {
    private static func parse(_ hex: String) -> VP8PayloadDescriptor? {
        parse([UInt8](hex: hex))
    }

    private static func parse(_ bytes: [UInt8]) -> VP8PayloadDescriptor? {
        VP8PayloadDescriptor(bytes.span.bytes)
    }

    @Test func theShortDescriptorIsOneByte() throws {
        let descriptor = try #require(Self.parse("10 00"))
        #expect(descriptor.length == 1)
        #expect(descriptor.startsPartition)
        #expect(descriptor.partition == 0)
        #expect(!descriptor.isDiscardable)
        #expect(descriptor.startsKeyFrame)
        #expect(descriptor.pictureID == nil)
        #expect(descriptor.temporalBaseIndex == nil)
        #expect(descriptor.temporalLayer == nil)
    }

    @Test(arguments: [
        ("10 00", true),
        ("10 9e", true),
        ("10 01", false),  // the inverse key frame flag
        ("00 00", false),  // the middle of a partition
        ("11 00", false),  // another partition
        ("30 00", true),
        ("90 80 11 00", true),
        ("90 80 11 01", false),
        ("90 80 8111 00", true),
    ])
    func aKeyFrameBeginsInTheFirstPartition(hex: String, expected: Bool) {
        #expect(Self.parse(hex)?.startsKeyFrame == expected)
    }

    @Test func pictureIDsHaveSevenOrFifteenBits() {
        #expect(Self.parse("90 80 7f 00")?.pictureID == 0x7f)
        #expect(Self.parse("90 80 7f 00")?.length == 3)
        #expect(Self.parse("90 80 ffff 00")?.pictureID == 0x7fff)
        #expect(Self.parse("90 80 8001 00")?.pictureID == 1)
        #expect(Self.parse("90 80 8001 00")?.length == 4)
    }

    @Test func everyExtensionIsRead() throws {
        // Discardable, partition 5; picture 0x1234, base 0x56, layer 2, sync, key index 7.
        let descriptor = try #require(Self.parse("a5 f0 9234 56 a7 01"))
        #expect(descriptor.isDiscardable)
        #expect(descriptor.partition == 5)
        #expect(descriptor.pictureID == 0x1234)
        #expect(descriptor.temporalBaseIndex == 0x56)
        #expect(descriptor.temporalLayer == 2)
        #expect(descriptor.isLayerSync)
        #expect(descriptor.keyIndex == 7)
        #expect(descriptor.isLongPictureID)
        #expect(descriptor.length == 6)
    }

    @Test func theLayerByteIsThereForTheKeyIndexAlone() throws {
        let descriptor = try #require(Self.parse("80 10 e7 01"))
        #expect(descriptor.temporalLayer == nil)
        #expect(!descriptor.isLayerSync)
        #expect(descriptor.keyIndex == 7)
        #expect(descriptor.length == 3)
    }

    @Test func everyTruncationIsRefused() {
        let whole = [UInt8](hex: "a5 f0 9234 56 a7 01")
        for count in 0..<whole.count { #expect(Self.parse(Array(whole[..<count])) == nil) }
        #expect(Self.parse(whole) != nil)
    }

    @Test func arbitraryBytesEndInAValueOrNone() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<5_000 {
            let bytes = random.bytes(upTo: 12)
            guard let descriptor = Self.parse(bytes) else { continue }
            #expect(1...6 ~= descriptor.length && descriptor.length < bytes.count)
            #expect(descriptor.pictureID ?? 0 <= 0x7fff)
            #expect(descriptor.temporalLayer ?? 0 <= 3)
        }
    }
}
