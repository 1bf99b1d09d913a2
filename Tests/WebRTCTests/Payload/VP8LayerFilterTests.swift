import TestSupport
import Testing
import WebRTC
import Wire

@Suite struct VP8LayerFilterTests {
    /// A frame in the pattern of three temporal layers: 0 2 1 2, each with a sync in the first period after
    /// `syncs`.
    private struct Source {
        var picture: UInt16
        var base: UInt8
        var key: UInt8 = 0
        var index = 0

        mutating func next(isKey: Bool = false, isSync: Bool = false) -> VP8PayloadDescriptor {
            let layer = isKey ? 0 : [0, 2, 1, 2][index % 4]
            if isKey { index = 0 }
            if isKey { key = (key + 1) & 0x1f }
            if layer == 0 { base &+= 1 }
            picture = (picture + 1) & 0x7fff
            index += 1
            return VP8Packet(
                picture: picture,
                base: base,
                layer: UInt8(layer),
                isSync: isSync,
                key: key,
                isKeyFrame: isKey
            ).descriptor
        }
    }

    @Test func everythingIsForwardedUnderConsecutiveNumbers() throws {
        var filter = VP8LayerFilter(pictureID: 0x7ffe, temporalBaseIndex: 0xff)
        var source = Source(picture: 100, base: 7)
        for step in 0..<20 {
            let descriptor = source.next(isKey: step == 0)
            let forwarded = filter.handle(descriptor)
            let numbers = try #require(forwarded)
            #expect(numbers.pictureID == UInt16(0x7fff + step) & 0x7fff)
            #expect(filter.numbers(of: descriptor) == numbers)
            if step == 0 { #expect(numbers.temporalBaseIndex == 0 && numbers.keyIndex == 1) }
        }
        #expect(filter.currentTemporalLayer == 3)
    }

    @Test func leavingOutALayerLeavesNoGapAndTakesEffectAtOnce() {
        var filter = VP8LayerFilter()
        var source = Source(picture: 0x7ff0, base: 250)
        var last: UInt16 = 0
        for step in 0..<64 {
            if step == 8 { filter.targetTemporalLayer = 1 }
            if step == 24 { filter.targetTemporalLayer = 0 }
            let descriptor = source.next(isKey: step == 0)
            let numbers = filter.handle(descriptor)
            let limit = step < 8 ? 2 : step < 24 ? 1 : 0
            #expect((numbers != nil) == (Int(descriptor.temporalLayer ?? 0) <= limit))
            guard let numbers else { continue }
            #expect(numbers.pictureID == last + 1)
            last = numbers.pictureID
        }
        #expect(last == 8 + 8 + 10)
    }

    @Test func aLayerComesBackAtItsSyncAndTheOneAboveWithIt() {
        var filter = VP8LayerFilter()
        filter.targetTemporalLayer = 0
        var source = Source(picture: 1, base: 1)
        _ = filter.handle(source.next(isKey: true))
        for _ in 0..<7 { _ = filter.handle(source.next()) }
        filter.targetTemporalLayer = 2
        // 0 2 1 2 without a sync: nothing but the base.
        var forwarded: [UInt8] = []
        for _ in 0..<4 {
            let descriptor = source.next()
            if filter.handle(descriptor) != nil { forwarded.append(descriptor.temporalLayer ?? 9) }
        }
        #expect(forwarded == [0] && filter.currentTemporalLayer == 0)
        // The layer 1 in the middle of the period brings one.
        for isSync in [false, false, true, false, false, true, false] {
            let descriptor = source.next(isSync: isSync)
            if filter.handle(descriptor) != nil { forwarded.append(descriptor.temporalLayer ?? 9) }
        }
        #expect(forwarded == [0, 0, 1, 0, 2, 1] && filter.currentTemporalLayer > 1)
        let descriptor = source.next()
        #expect(descriptor.temporalLayer == 2)
        #expect(filter.handle(descriptor) != nil)
    }

    @Test func allPacketsOfAFrameAreTreatedAlike() {
        var filter = VP8LayerFilter()
        let key = VP8Packet(picture: 1, isKeyFrame: true).descriptor
        let upper = VP8Packet(picture: 2, base: 1, layer: 1).descriptor
        _ = filter.handle(key)
        let first = filter.handle(upper)
        #expect(first != nil)
        filter.targetTemporalLayer = 0
        #expect(filter.handle(upper) == first)
        let next = VP8Packet(picture: 3, base: 1, layer: 1).descriptor
        #expect(filter.handle(next) == nil)
        filter.targetTemporalLayer = 3
        #expect(filter.handle(next) == nil)
    }

    @Test func anOvertakenFrameHasItsNumberLeft() {
        var filter = VP8LayerFilter()
        func packet(_ picture: UInt16, _ layer: UInt8) -> VP8PayloadDescriptor {
            VP8Packet(picture: picture, base: 1, layer: layer, isKeyFrame: picture == 10).descriptor
        }
        filter.targetTemporalLayer = 0
        #expect(filter.handle(packet(10, 0))?.pictureID == 1)
        #expect(filter.handle(packet(11, 1)) == nil)
        #expect(filter.handle(packet(14, 0))?.pictureID == 4)
        #expect(filter.handle(packet(13, 0))?.pictureID == 3)
        #expect(filter.handle(packet(12, 1)) == nil)
        #expect(filter.handle(packet(9, 0)) == nil)  // from before the stream was taken on
    }

    @Test func anotherSourceGoesOnWithTheNextNumbers() {
        var filter = VP8LayerFilter()
        var low = Source(picture: 500, base: 40)
        var high = Source(picture: 9, base: 3, key: 30)
        var numbers: VP8FrameNumbers?
        for step in 0..<5 { numbers = filter.handle(low.next(isKey: step == 0)) }
        #expect(numbers == VP8FrameNumbers(pictureID: 5, temporalBaseIndex: 2, keyIndex: 1))
        filter.resynchronise()
        #expect(
            filter.handle(high.next(isKey: true))
                == VP8FrameNumbers(pictureID: 6, temporalBaseIndex: 3, keyIndex: 2)
        )
        #expect(
            filter.handle(high.next())
                == VP8FrameNumbers(pictureID: 7, temporalBaseIndex: 3, keyIndex: 2)
        )
        // A packet of the old source would be taken for one of long ago.
        let stale = low.next()
        #expect(filter.numbers(of: stale) == nil)
    }

    @Test func streamsWithoutPictureIDsGoThrough() throws {
        var filter = VP8LayerFilter()
        let parsed = parseVP8([UInt8](hex: "10 00"))
        let bare = try #require(parsed)
        #expect(filter.handle(bare) != nil && filter.numbers(of: bare) != nil)
    }

    @Test func theNumbersAreWrittenInTheirPlacesAndWidths() throws {
        let numbers = VP8FrameNumbers(pictureID: 0x1234, temporalBaseIndex: 0x56, keyIndex: 0x0b)
        func rewritten(_ hex: String) throws -> [UInt8] {
            let payload = [UInt8](hex: hex)
            let parsed = parseVP8(payload)
            let descriptor = try #require(parsed)
            return written { out in
                out.append(0xee)
                numbers.write(payload.span.bytes, descriptor, into: &out)
            }
        }
        #expect(try rewritten("90 f0 8001 02 e3 9d01") == [UInt8](hex: "ee 90 f0 9234 56 eb 9d01"))
        #expect(try rewritten("90 80 01 9d01") == [UInt8](hex: "ee 90 80 34 9d01"))
        #expect(try rewritten("90 60 02 e3 9d01") == [UInt8](hex: "ee 90 60 56 e3 9d01"))
        #expect(try rewritten("90 10 e3 9d01") == [UInt8](hex: "ee 90 10 eb 9d01"))
        #expect(try rewritten("10 9d01") == [UInt8](hex: "ee 10 9d01"))
    }

    /// Loss and reordering of every kind: an outgoing number stands for one frame, and order is kept.
    @Test func numbersAreNeverGivenTwice() {
        var random = SplitMix64(seed: 12)
        for bits in [7, 15] {
            var filter = VP8LayerFilter(pictureID: 0x7f00)
            var frames: [UInt16: Int] = [:]
            var newest = 0
            for step in 0..<3_000 {
                if Int.random(in: 0..<40, using: &random) == 0 {
                    filter.targetTemporalLayer = .random(in: 0...2, using: &random)
                }
                let number = max(0, step - Int.random(in: 0...5, using: &random))
                let packet = VP8Packet(
                    picture: UInt16(number & (bits == 7 ? 0x7f : 0x7fff)),
                    isLong: bits == 15,
                    base: UInt8(truncatingIfNeeded: number / 4),
                    layer: [0, 2, 1, 2][number % 4],
                    isSync: number % 8 > 4,
                    isKeyFrame: number == 0
                )
                newest = max(newest, number)
                let descriptor = packet.descriptor
                let numbers = filter.handle(descriptor)
                #expect(filter.numbers(of: descriptor) == numbers)
                guard let numbers, newest - number < 50 else { continue }
                let shown = numbers.pictureID
                #expect(frames[shown, default: number] == number)
                frames[shown] = number
            }
        }
    }
}

/// Writes a VP8 packet.
struct VP8Packet {
    var picture: UInt16
    var isLong = true
    var base: UInt8 = 0
    var layer: UInt8 = 0
    var isSync = false
    var key: UInt8 = 0
    var isKeyFrame = false

    var bytes: [UInt8] {
        [0x90, 0xf0]
            + (isLong ? [0x80 | UInt8(picture >> 8), UInt8(picture & 0xff)] : [UInt8(picture & 0x7f)])
            + [base, layer << 6 | (isSync ? 0x20 : 0) | key, isKeyFrame ? 0 : 1, 0, 0]
    }

    var descriptor: VP8PayloadDescriptor {
        guard let descriptor = parseVP8(bytes) else { fatalError("the bytes are a whole packet") }
        return descriptor
    }
}

func parseVP8(_ payload: [UInt8]) -> VP8PayloadDescriptor? { VP8PayloadDescriptor(payload.span.bytes) }
