import TestSupport
import Testing
import Wire

/// The structures are those of the AV1 RTP specification, §A.10.2.
@Suite struct DependencyDescriptorTests {
    private static func parse(
        _ bytes: [UInt8],
        _ structure: FrameDependencyStructure? = nil
    ) -> Result<DependencyDescriptor, DependencyDescriptorError> {
        do throws(DependencyDescriptorError) {
            return .success(try DependencyDescriptor(parsing: bytes.span.bytes, structure: structure))
        } catch {
            return .failure(error)
        }
    }

    private static func differences(_ descriptor: DependencyDescriptor) -> [Int] {
        Array(descriptor.dependencies.frameDifferences)
    }

    @Test func aKeyFrameBringsItsStructure() throws {
        let descriptor = try Self.parse(DependencySample.threeTemporalLayers.keyFrame(number: 0xfffe)).get()
        #expect(descriptor.startsFrame && !descriptor.endsFrame && descriptor.startsKeyFrame)
        #expect(descriptor.frameNumber == 0xfffe && descriptor.templateID == 60)
        #expect(descriptor.activeDecodeTargets == 0b111)
        let structure = try #require(descriptor.structure)
        #expect(structure.templateIDOffset == 60 && structure.templates.count == 5 && structure.chains == 1)
        #expect(structure.templates.map(\.temporalLayer) == [0, 0, 1, 2, 2])
        #expect(structure.templates.map { Array($0.frameDifferences) } == [[], [4], [2], [1], [1]])
        #expect(structure.templates.map { $0.chainDifference(0) } == [0, 4, 2, 1, 3])
        #expect(
            structure.templates.map { $0.indication(1) } == [
                .switching, .switching, .discardable, .notPresent, .notPresent,
            ]
        )
        #expect(
            structure.decodeTargets == [
                .init(spatialLayer: 0, temporalLayer: 2, chain: 0),
                .init(spatialLayer: 0, temporalLayer: 1, chain: 0),
                .init(spatialLayer: 0, temporalLayer: 0, chain: 0),
            ]
        )
        #expect(structure.resolutions == [.init(width: 1_280, height: 720)])
        #expect(structure.allDecodeTargets == 0b111)
    }

    @Test func laterFramesTakeEverythingFromTheirTemplate() throws {
        let sample = DependencySample.threeTemporalLayers
        let structure = try #require(try Self.parse(sample.keyFrame(number: 1)).get().structure)
        // Template ids count modulo 64: the fifth of those that begin at 60 is 0.
        let descriptor = try Self.parse([0x40, 0x00, 0x04], structure).get()
        #expect(!descriptor.startsFrame && descriptor.endsFrame && !descriptor.startsKeyFrame)
        #expect(descriptor.structure == nil && descriptor.activeDecodeTargets == nil)
        #expect(descriptor.dependencies == structure.templates[4])
        #expect(descriptor.dependencies.temporalLayer == 2)
        #expect(Self.differences(descriptor) == [1] && descriptor.dependencies.chainDifference(0) == 3)
    }

    @Test func aFrameMayOverruleItsTemplate() throws {
        let structure = try #require(
            try Self.parse(DependencySample.twoSpatialLayers.keyFrame(number: 1)).get().structure
        )
        #expect(
            structure.decodeTargets.map(\.spatialLayer) == [1, 0]
                && structure.decodeTargets.map(\.chain) == [1, 0]
        )
        #expect(structure.resolutions.map(\.width) == [640, 1_280])
        let bits = Bits()
        bits.append(1, 1).append(1, 1).append(3, 6).append(500, 16)
        bits.append(0b01111, 5)
        bits.append(0b10, 2)  // active: the second target alone
        bits.append(1, 2).append(3, 2)  // indications
        bits.append(1, 2).append(15, 4).append(2, 2).append(255, 8).append(3, 2).append(4_095, 12).append(
            0,
            2
        )
        bits.append(200, 8).append(0, 8)
        let descriptor = try Self.parse(bits.bytes, structure).get()
        #expect(descriptor.activeDecodeTargets == 0b10)
        #expect(descriptor.dependencies.indication(0) == .discardable)
        #expect(descriptor.dependencies.indication(1) == .required)
        #expect(Self.differences(descriptor) == [16, 256, 4_096])
        #expect(
            descriptor.dependencies.chainDifference(0) == 200
                && descriptor.dependencies.chainDifference(1) == 0
        )
        #expect(descriptor.dependencies.spatialLayer == structure.templates[3].spatialLayer)
    }

    @Test func withoutItsStructureADescriptorSaysSo() throws {
        #expect(Self.parse([0x80, 0, 1]) == .failure(.structureMissing))
        let structure = try #require(
            try Self.parse(DependencySample.twoSpatialLayers.keyFrame(number: 1)).get().structure
        )
        #expect(Self.parse([0x80 | 20, 0, 1], structure) == .failure(.structureMissing))
    }

    @Test func everyTruncationIsRefused() {
        for sample in [DependencySample.threeTemporalLayers, .twoSpatialLayers] {
            let whole = sample.keyFrame(number: 7)
            for count in 0..<whole.count {
                // Three bytes are a descriptor without a structure.
                #expect(
                    Self.parse(Array(whole[..<count]))
                        == .failure(count == 3 ? .structureMissing : .malformed)
                )
            }
        }
    }

    @Test func structuresThatCannotBeAreRefused() {
        let layers = Bits.keyFrameStart
        layers.append(0, 6).append(0, 5)
        for _ in 0..<70 { layers.append(0, 2) }  // more than 64 templates
        layers.append(0, 400)
        #expect(Self.parse(layers.bytes) == .failure(.malformed))
        let references = Bits.keyFrameStart
        references.append(0, 6).append(0, 5).append(3, 2).append(2, 2)
        for _ in 0..<9 { references.append(1, 1).append(0, 4) }  // more than eight references
        references.append(0, 100)
        #expect(Self.parse(references.bytes) == .failure(.malformed))
        let spatial = Bits.keyFrameStart
        spatial.append(0, 6).append(0, 5)
        for _ in 0..<4 { spatial.append(2, 2) }  // a fifth spatial layer
        spatial.append(3, 2).append(0, 100)
        #expect(Self.parse(spatial.bytes) == .failure(.malformed))
    }

    @Test func aDescriptorIsWrittenAgainWithAnotherNumberAndOtherTargets() throws {
        let bytes = DependencySample.twoSpatialLayers.keyFrame(number: 7)
        let descriptor = try Self.parse(bytes).get()
        let same = written {
            descriptor.write(frameNumber: 7, activeDecodeTargets: nil, from: bytes.span.bytes, into: &$0)
        }
        let sameAgain = try Self.parse(same).get()
        #expect(same.count <= bytes.count + 5)
        #expect(
            sameAgain.structure == descriptor.structure && sameAgain.dependencies == descriptor.dependencies
        )
        #expect(sameAgain.frameNumber == 7)

        let less = written {
            descriptor.write(
                frameNumber: 0xabcd,
                activeDecodeTargets: 0b10,
                from: bytes.span.bytes,
                into: &$0
            )
        }
        let lessAgain = try Self.parse(less).get()
        #expect(lessAgain.frameNumber == 0xabcd && lessAgain.activeDecodeTargets == 0b10)
        #expect(lessAgain.structure == descriptor.structure && lessAgain.startsKeyFrame)

        let short: [UInt8] = [0xc1, 0, 9]
        let later = try Self.parse(short, descriptor.structure).get()
        #expect(
            written {
                later.write(frameNumber: 10, activeDecodeTargets: nil, from: short.span.bytes, into: &$0)
            } == [0xc1, 0, 10]
        )
        let told = written {
            later.write(frameNumber: 10, activeDecodeTargets: 0b01, from: short.span.bytes, into: &$0)
        }
        #expect(told == [0xc1, 0, 10, 0b0100_0010])
    }

    @Test func arbitraryBytesEndInAValueOrAnErrorAndAreWrittenAgain() throws {
        var random = SplitMix64(seed: 8)
        let structure = try Self.parse(DependencySample.twoSpatialLayers.keyFrame(number: 1)).get().structure
        for _ in 0..<20_000 {
            var bytes = random.bytes(upTo: 60)
            if bytes.count > 3, Bool.random(using: &random) { bytes[0] &= 0xc1 }
            guard case .success(let descriptor) = Self.parse(bytes, structure) else { continue }
            let again = written {
                descriptor.write(
                    frameNumber: descriptor.frameNumber,
                    activeDecodeTargets: descriptor.activeDecodeTargets,
                    from: bytes.span.bytes,
                    into: &$0
                )
            }
            let read = try Self.parse(again, structure).get()
            #expect(again.count <= bytes.count + 5)
            #expect(read.dependencies == descriptor.dependencies && read.structure == descriptor.structure)
            #expect(read.activeDecodeTargets == descriptor.activeDecodeTargets)
        }
    }
}
