import CAllocations
import Testing
import WebRTC
import Wire

/// The filters judge every packet for every consumer.
@Suite struct LayerFilterAllocationTests {
    @Test func vp8PacketsAreJudgedWithoutAnAllocation() {
        var filter = VP8LayerFilter()
        let packets = (0..<200).map { step in
            VP8Packet(
                picture: UInt16(step),
                layer: [0, 2, 1, 2][step % 4],
                isSync: true,
                isKeyFrame: step == 0
            ).bytes
        }
        var forwarded = 0
        let before = CAllocations_count()
        for (step, packet) in packets.enumerated() {
            filter.targetTemporalLayer = step / 50 % 3
            guard let descriptor = VP8PayloadDescriptor(packet.span.bytes) else { continue }
            if filter.handle(descriptor) != nil { forwarded += 1 }
        }
        let allocations = CAllocations_count() - before
        #expect(allocations == 0)
        #expect(50..<200 ~= forwarded)
    }

    @Test func vp9PacketsAreJudgedWithoutAnAllocation() {
        var filter = VP9LayerFilter()
        var source = VP9Source(layers: 3, isKeySVC: false, picture: 0, base: 0)
        let packets = (0..<100).flatMap { source.next(isKey: $0 == 0) }.map {
            (bytes: $0.bytes, isMarked: $0.isMarked)
        }
        var forwarded = 0
        let before = CAllocations_count()
        for (step, packet) in packets.enumerated() {
            filter.targetSpatialLayer = 2 - step / 200
            filter.targetTemporalLayer = step / 100 % 3
            guard let descriptor = VP9PayloadDescriptor(packet.bytes.span.bytes) else { continue }
            if filter.handle(descriptor, isMarked: packet.isMarked) != nil { forwarded += 1 }
        }
        let allocations = CAllocations_count() - before
        #expect(allocations == 0)
        #expect(100..<600 ~= forwarded)
    }

    @Test func dependencyDescriptorsAreReadAndJudgedWithoutAnAllocation() throws {
        var filter = AV1LayerFilter()
        var source = AV1Source(number: 0xfff0)
        var reader = DependencyDescriptorReader()
        // The structure comes with the key frame alone.
        for packet in source.next(isKey: true) {
            let descriptor = try reader.read(packet.bytes.span.bytes)
            _ = filter.handle(descriptor, isMarked: packet.isMarked)
        }
        let packets = (0..<100).flatMap { _ in source.next() }.map(\.bytes)
        var forwarded = 0
        let before = CAllocations_count()
        for (step, packet) in packets.enumerated() {
            filter.targetTemporalLayer = step / 100 % 2
            guard let descriptor = try? reader.read(packet.span.bytes) else { continue }
            if filter.handle(descriptor, isMarked: false) != nil { forwarded += 1 }
        }
        let allocations = CAllocations_count() - before
        #expect(allocations == 0)
        #expect(100..<400 ~= forwarded)
    }

    @Test func levelsAreTakenAndJudgedWithoutAnAllocation() {
        var speakers = ActiveSpeakers<Int>()
        var selection = LoudestSelection<Int>(places: 3)
        var now = Instant(nanoseconds: 0)
        var events = 0
        func run(_ milliseconds: Int) -> UInt {
            let before = CAllocations_count()
            for _ in 0..<milliseconds / 20 {
                now += .milliseconds(20)
                for id in 0..<14 {
                    let level: UInt8 = id == 3 ? 25 : 80
                    speakers.handle(level: level, isVoice: level < 50, of: id, now: now)
                    _ = selection.handle(level: level, of: id, now: now)
                }
                speakers.handleTimeout(now: now)
                while speakers.pollEvent() != nil { events += 1 }
            }
            return CAllocations_count() - before
        }
        _ = run(2_000)
        #expect(events == 2 && speakers.dominant == 3)
        let allocations = run(10_000)
        #expect(allocations == 0)
    }
}
