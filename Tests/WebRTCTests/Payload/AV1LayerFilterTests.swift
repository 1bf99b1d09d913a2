import TestSupport
import Testing
import WebRTC
import Wire

@Suite struct AV1LayerFilterTests {
    /// The layers forwarded of what is shown at one time, as `S0T1`, and where the marker is.
    private static func forward(_ packets: [AV1Source.Packet], _ filter: inout AV1LayerFilter) -> [String] {
        var forwarded: [String] = []
        for packet in packets {
            let numbers = filter.handle(packet.descriptor, isMarked: packet.isMarked)
            #expect(filter.numbers(of: packet.descriptor, isMarked: packet.isMarked) == numbers)
            guard let numbers else { continue }
            let frame = packet.descriptor.dependencies
            if packet.descriptor.startsFrame {
                forwarded.append("S\(frame.spatialLayer)T\(frame.temporalLayer)")
            }
            if numbers.isMarked { forwarded.append("|") }
        }
        return forwarded
    }

    @Test func everythingIsForwardedFromTheFirstKeyFrameOn() {
        var filter = AV1LayerFilter(frameNumber: 0xfffe)
        var source = AV1Source(number: 100)
        var early = source
        _ = early.next(isKey: true)
        #expect(Self.forward(early.next(), &filter) == [])
        #expect(filter.currentLayers == nil)
        #expect(Self.forward(source.next(isKey: true), &filter) == ["S0T0", "S1T0", "|"])
        #expect(Self.forward(source.next(), &filter) == ["S0T1", "S1T1", "|"])
        let packets = source.next()
        let numbers = packets.map { filter.handle($0.descriptor, isMarked: $0.isMarked) }
        #expect(numbers.map { $0?.frameNumber } == [3, 3, 4, 4])
        #expect(numbers.allSatisfy { $0 != nil && $0?.activeDecodeTargets == nil })
        #expect(filter.currentLayers?.spatial == 1 && filter.currentLayers?.temporal == 1)
    }

    @Test func aTemporalLayerLeavesAndComesBackAtOnceWhereChainsAreWhole() {
        var filter = AV1LayerFilter()
        var source = AV1Source(number: 0xfff0)
        _ = Self.forward(source.next(isKey: true), &filter)
        filter.targetTemporalLayer = 0
        #expect(Self.forward(source.next(), &filter) == [])
        #expect(Self.forward(source.next(), &filter) == ["S0T0", "S1T0", "|"])
        #expect(Self.forward(source.next(), &filter) == [])
        #expect(!filter.needsKeyFrame)
        filter.targetTemporalLayer = 1
        #expect(Self.forward(source.next(), &filter) == ["S0T0", "S1T0", "|"])
        #expect(Self.forward(source.next(), &filter) == ["S0T1", "S1T1", "|"])
    }

    @Test func aSpatialLayerLeavesAtOnceAndNeedsAKeyFrameToComeBack() {
        var filter = AV1LayerFilter()
        var source = AV1Source(number: 7)
        _ = Self.forward(source.next(isKey: true), &filter)
        filter.targetSpatialLayer = 0
        #expect(Self.forward(source.next(), &filter) == ["S0T1", "|"])
        #expect(Self.forward(source.next(), &filter) == ["S0T0", "|"])
        #expect(!filter.needsKeyFrame)
        filter.targetSpatialLayer = 1
        #expect(Self.forward(source.next(), &filter) == ["S0T1", "|"])
        #expect(Self.forward(source.next(), &filter) == ["S0T0", "|"])
        #expect(Self.forward(source.next(), &filter) == ["S0T1", "|"])
        #expect(filter.needsKeyFrame)
        #expect(Self.forward(source.next(isKey: true), &filter) == ["S0T0", "S1T0", "|"])
        #expect(!filter.needsKeyFrame)
    }

    @Test func withoutChainsASwitchIndicationIsNeeded() {
        var filter = AV1LayerFilter()
        filter.targetTemporalLayer = 0
        filter.targetSpatialLayer = 0
        var source = AV1Source(number: 7, hasChains: false)
        #expect(Self.forward(source.next(isKey: true), &filter) == ["S0T0", "|"])
        #expect(Self.forward(source.next(), &filter) == [])
        filter.targetTemporalLayer = 1
        // S0T0 is a switch to the lower target's full rate.
        #expect(Self.forward(source.next(), &filter) == ["S0T0", "|"])
        #expect(Self.forward(source.next(), &filter) == ["S0T1", "|"])
        filter.targetSpatialLayer = 1
        #expect(Self.forward(source.next(), &filter) == ["S0T0", "|"])
        #expect(filter.needsKeyFrame)
        #expect(Self.forward(source.next(isKey: true), &filter) == ["S0T0", "S1T0", "|"])
        // To a part of what is forwarded there is a way at any time.
        filter.targetSpatialLayer = 0
        #expect(Self.forward(source.next(), &filter) == ["S0T1", "|"])
    }

    @Test func theReceiverIsToldWhichTargetsItGets() throws {
        var filter = AV1LayerFilter()
        filter.targetTemporalLayer = 0
        var source = AV1Source(number: 7)
        let packet = source.next(isKey: true)[0]
        let numbers = filter.handle(packet.descriptor, isMarked: false)
        #expect(numbers?.activeDecodeTargets == 0b1010)
        let bytes = written {
            packet.descriptor.write(
                frameNumber: numbers?.frameNumber ?? 0,
                activeDecodeTargets: numbers?.activeDecodeTargets,
                from: packet.bytes.span.bytes,
                into: &$0
            )
        }
        let read = try DependencyDescriptor(parsing: bytes.span.bytes, structure: nil)
        #expect(read.frameNumber == 1 && read.activeDecodeTargets == 0b1010)
        #expect(read.structure == packet.descriptor.structure)
    }

    @Test func theStructureMayBeOvertakenByTheRestOfItsFrame() {
        var filter = AV1LayerFilter()
        var source = AV1Source(number: 7)
        var packets = source.next(isKey: true)
        packets.swapAt(0, 1)
        let first = packets.map { filter.handle($0.descriptor, isMarked: $0.isMarked) != nil }
        #expect(first == [false, true, true, true])  // before the first structure nothing can be read
        packets = source.next(isKey: true)
        packets.swapAt(0, 1)
        let second = packets.map { filter.handle($0.descriptor, isMarked: $0.isMarked) != nil }
        #expect(second == [true, true, true, true])
    }

    @Test func anotherSourceGoesOnWithTheNextNumbers() {
        var filter = AV1LayerFilter()
        var first = AV1Source(number: 7)
        var second = AV1Source(number: 9_000)
        _ = Self.forward(first.next(isKey: true), &filter)
        filter.resynchronise()
        _ = second.next(isKey: true)
        #expect(Self.forward(second.next(), &filter) == [])
        let numbers = second.next(isKey: true).map {
            filter.handle($0.descriptor, isMarked: $0.isMarked)?.frameNumber
        }
        #expect(numbers == [3, 3, 4, 4])
    }

    /// Whatever is wanted when: what is forwarded depends on nothing that was left out.
    @Test func whatIsForwardedCanBeDecoded() {
        var random = SplitMix64(seed: 15)
        for hasChains in [true, false] {
            var filter = AV1LayerFilter()
            var source = AV1Source(number: 0xff00, hasChains: hasChains)
            var leftOut: Set<UInt16> = []
            var wantsKey = true
            for _ in 0..<2_000 {
                if Int.random(in: 0..<6, using: &random) == 0 {
                    filter.targetSpatialLayer = .random(in: 0...1, using: &random)
                    filter.targetTemporalLayer = .random(in: 0...1, using: &random)
                }
                var markers = 0
                var frames = 0
                for packet in source.next(isKey: wantsKey) {
                    let descriptor = packet.descriptor
                    guard let numbers = filter.handle(descriptor, isMarked: packet.isMarked) else {
                        leftOut.insert(descriptor.frameNumber)
                        continue
                    }
                    leftOut.remove(descriptor.frameNumber)
                    frames += 1
                    markers += numbers.isMarked ? 1 : 0
                    for difference in descriptor.dependencies.frameDifferences {
                        #expect(!leftOut.contains(descriptor.frameNumber &- UInt16(difference)))
                    }
                }
                #expect(markers == (frames > 0 ? 1 : 0))
                wantsKey = filter.needsKeyFrame && Int.random(in: 0..<6, using: &random) == 0
            }
        }
    }
}
