import TestSupport
import Testing
import Wire

/// The examples are in the forms of RFC 9628 §4.2.
@Suite struct VP9PayloadDescriptorTests {
    private static func parse(_ hex: String) -> VP9PayloadDescriptor? { parse([UInt8](hex: hex)) }
    private static func parse(_ bytes: [UInt8]) -> VP9PayloadDescriptor? {
        VP9PayloadDescriptor(bytes.span.bytes)
    }

    @Test func theShortDescriptorIsOneByte() throws {
        let descriptor = try #require(Self.parse("0c 82"))
        #expect(descriptor.length == 1)
        #expect(descriptor.startsFrame && descriptor.endsFrame && descriptor.startsKeyFrame)
        #expect(
            descriptor.pictureID == nil && descriptor.temporalLayer == nil && descriptor.spatialLayer == nil
        )
        #expect(descriptor.temporalBaseIndex == nil && descriptor.scalabilityStructure == nil)
        #expect(descriptor.references.isEmpty)
    }

    @Test(arguments: [
        ("88 05 00", true),
        ("80 05 00", false),  // not the frame's first packet
        ("c8 05 00", false),  // predicted from an earlier picture
        ("a8 05 00 07 00", true),  // spatial layer 0
        ("a8 05 03 07 00", false),  // spatial layer 1 of a key picture
        ("b8 8005 00 00", true),  // flexible mode
        ("f8 8005 00 02 00", false),
    ])
    func aKeyFrameBeginsInTheLowestFrameOfAPictureThatDependsOnNone(hex: String, expected: Bool) {
        #expect(Self.parse(hex)?.startsKeyFrame == expected)
    }

    @Test func pictureIDsHaveSevenOrFifteenBits() throws {
        let short = try #require(Self.parse("80 7f 00"))
        #expect(short.pictureID == 0x7f && !short.isLongPictureID && short.length == 2)
        let long = try #require(Self.parse("80 ffff 00"))
        #expect(long.pictureID == 0x7fff && long.isLongPictureID && long.length == 3)
        #expect(Self.parse("80 8001 00")?.pictureID == 1)
    }

    @Test func theLayersOfTheFixedModeCarryTheBaseIndex() throws {
        // I, P, L, E, Z; picture 0x1234; temporal 5, switching up, spatial 3, inter-layer; base 0x56.
        let descriptor = try #require(Self.parse("e5 9234 b7 56 00"))
        #expect(descriptor.pictureID == 0x1234)
        #expect(descriptor.temporalLayer == 5 && descriptor.isSwitchingUpPoint)
        #expect(descriptor.spatialLayer == 3 && descriptor.isInterLayerPredicted)
        #expect(descriptor.temporalBaseIndex == 0x56)
        #expect(
            descriptor.isInterPicturePredicted && descriptor.isUnusedByUpperLayers && !descriptor.isFlexible
        )
        #expect(!descriptor.startsFrame && descriptor.endsFrame)
        #expect(descriptor.length == 5)
    }

    @Test func theFlexibleModeNamesUpToThreeReferences() throws {
        let one = try #require(Self.parse("f8 8005 20 02 00"))
        #expect(Array(one.references) == [1] && one.length == 5 && one.temporalBaseIndex == nil)
        let three = try #require(Self.parse("d8 8005 03 05 fe 00"))
        #expect(Array(three.references) == [1, 2, 127] && three.length == 6)
        #expect(Self.parse("d8 8005 03 05 ff 02 00") == nil)  // a fourth
        #expect(Self.parse("98 8005 00")?.references.isEmpty == true)  // P is not set: there are none
        #expect(Self.parse("18 00") == nil)  // the references count pictures, and there is no picture id
    }

    @Test func theScalabilityStructureTellsSizesAndThePictureGroup() throws {
        // Two spatial layers with sizes; a group of two pictures with one and two references.
        let bytes = [UInt8](hex: "0a 38 0140 00b4 0280 0168 02 04 01 28 01 02 00")
        let descriptor = try #require(Self.parse(bytes))
        let structure = try #require(descriptor.scalabilityStructure)
        #expect(structure.spatialLayers == 2 && structure.pictures == 2)
        #expect(descriptor.length == 16 && structure.end == 16)
        let low = structure.size(of: 0, in: bytes.span.bytes)
        let high = structure.size(of: 1, in: bytes.span.bytes)
        #expect(low?.width == 320 && low?.height == 180 && high?.width == 640 && high?.height == 360)
        let none = structure.size(of: 2, in: bytes.span.bytes)
        #expect(none == nil)
    }

    @Test func aStructureWithoutSizesOrGroupIsOneByte() throws {
        let bytes = [UInt8](hex: "0a e0 00")
        let structure = try #require(Self.parse(bytes)?.scalabilityStructure)
        #expect(structure.spatialLayers == 8 && structure.pictures == nil && structure.end == 2)
        let size = structure.size(of: 0, in: bytes.span.bytes)
        #expect(size == nil)
    }

    @Test(arguments: [
        "ef 9234 b7 56 38 0140 00b4 0280 0168 02 04 01 28 01 02 00", "ff 9234 b7 03 05 06 20 00",
    ])
    func everyTruncationIsRefused(hex: String) {
        let whole = [UInt8](hex: hex)
        for count in 0..<whole.count { #expect(Self.parse(Array(whole[..<count])) == nil) }
        #expect(Self.parse(whole)?.length == whole.count - 1)
    }

    /// Writes descriptors field by field and reads them back.
    @Test func everyCombinationOfFieldsIsReadToTheByte() {
        var random = SplitMix64(seed: 9)
        for _ in 0..<5_000 {
            let flags = UInt8.random(in: .min ... .max, using: &random)
            let isFlexible = flags & 0x10 != 0
            if isFlexible, flags & 0x80 == 0 { continue }
            var bytes = [flags]
            var picture: UInt16?
            if flags & 0x80 != 0 {
                let isLong = Bool.random(using: &random)
                let id = UInt16.random(in: 0...(isLong ? 0x7fff : 0x7f), using: &random)
                bytes += isLong ? [0x80 | UInt8(id >> 8), UInt8(id & 0xff)] : [UInt8(id)]
                picture = id
            }
            var layers: UInt8?
            if flags & 0x20 != 0 {
                layers = .random(in: .min ... .max, using: &random)
                bytes.append(layers ?? 0)
                if !isFlexible { bytes.append(0xaa) }
            }
            var references: [UInt8] = []
            if isFlexible, flags & 0x40 != 0 {
                references = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    .random(in: 0...127, using: &random)
                }
                bytes += references.indices.map { references[$0] << 1 | ($0 < references.count - 1 ? 1 : 0) }
            }
            if flags & 0x02 != 0 {
                let spatial = UInt8.random(in: 0...7, using: &random)
                bytes +=
                    [spatial << 5 | 0x18] + [UInt8](repeating: 1, count: 4 * (Int(spatial) + 1)) + [
                        1, 0x0c, 1, 2, 3,
                    ]
            }
            guard let read = Self.parse(bytes + [0]) else {
                Issue.record("refused \(bytes)")
                continue
            }
            #expect(read.length == bytes.count && read.pictureID == picture)
            #expect(
                read.temporalLayer == layers.map { $0 >> 5 }
                    && read.spatialLayer == layers.map { $0 >> 1 & 7 }
            )
            #expect(read.temporalBaseIndex == (layers != nil && !isFlexible ? 0xaa : nil))
            #expect(Array(read.references) == references)
        }
    }

    @Test func arbitraryBytesEndInAValueOrNone() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<5_000 {
            let bytes = random.bytes(upTo: 60)
            guard let descriptor = Self.parse(bytes) else { continue }
            #expect(1..<bytes.count ~= descriptor.length)
            #expect(descriptor.pictureID ?? 0 <= (descriptor.isLongPictureID ? 0x7fff : 0x7f))
            #expect(descriptor.references.count <= 3)
            guard let structure = descriptor.scalabilityStructure else { continue }
            for layer in -1...9 { _ = structure.size(of: layer, in: bytes.span.bytes) }
        }
    }
}
