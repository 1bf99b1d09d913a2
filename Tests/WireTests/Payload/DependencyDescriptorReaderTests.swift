import TestSupport
import Testing
import Wire

@Suite struct DependencyDescriptorReaderTests {
    @Test func packetsReferToTheStructureOfTheLastKeyFrame() throws {
        var reader = DependencyDescriptorReader()
        let early = try? reader.read([UInt8](hex: "bc 0006").span.bytes)
        #expect(early == nil)
        _ = try reader.read(DependencySample.threeTemporalLayers.keyFrame(number: 7).span.bytes)
        #expect(reader.activeDecodeTargets == 0b111)
        let later = try reader.read([UInt8](hex: "be 0008").span.bytes)
        #expect(later.dependencies.temporalLayer == 1)
        // The same with the flag for active targets, and 110.
        _ = try reader.read([UInt8](hex: "be 0009 46").span.bytes)
        #expect(reader.activeDecodeTargets == 0b110)
        reader.reset()
        #expect(reader.structure == nil)
    }

    @Test func aKeyFrameSentAgainDoesNotBringBackItsStructure() throws {
        var reader = DependencyDescriptorReader()
        _ = try reader.read(DependencySample.threeTemporalLayers.keyFrame(number: 0xffff).span.bytes)
        _ = try reader.read(DependencySample.twoSpatialLayers.keyFrame(number: 3).span.bytes)
        _ = try reader.read(DependencySample.threeTemporalLayers.keyFrame(number: 0xffff).span.bytes)
        #expect(reader.structure?.templateIDOffset == 0)
        #expect(reader.activeDecodeTargets == 0b11)
    }
}
