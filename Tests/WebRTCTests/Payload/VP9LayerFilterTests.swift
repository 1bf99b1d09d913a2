import TestSupport
import Testing
import WebRTC
import Wire

@Suite struct VP9LayerFilterTests {
    @Test func everythingIsForwardedUnderNumbersOfItsOwn() {
        var filter = VP9LayerFilter(pictureID: 0x7ffe, temporalBaseIndex: 0xff)
        var source = VP9Source(layers: 3, isKeySVC: false, picture: 100, base: 7)
        for step in 0..<12 {
            for packet in source.next(isKey: step == 0) {
                let numbers = filter.handle(packet.descriptor, isMarked: packet.isMarked)
                #expect(numbers?.pictureID == UInt16(0x7fff + step) & 0x7fff)
                #expect(numbers?.isMarked == packet.isMarked)
                #expect(numbers?.temporalBaseIndex == UInt8(step / 4))
                #expect(filter.numbers(of: packet.descriptor, isMarked: packet.isMarked) == numbers)
            }
        }
        #expect(filter.currentSpatialLayer == 2 && filter.currentTemporalLayer == 7 && !filter.needsKeyFrame)
    }

    @Test func aTemporalLayerLeavesAtOnceAndItsPictureIDsStayOut() {
        var filter = VP9LayerFilter()
        var source = VP9Source(layers: 1, isKeySVC: false, picture: 0, base: 0)
        var forwarded: [UInt16] = []
        for step in 0..<16 {
            if step == 6 { filter.targetTemporalLayer = 0 }
            if step == 11 { filter.targetTemporalLayer = 2 }
            for packet in source.next(isKey: step == 0) {
                guard let numbers = filter.handle(packet.descriptor, isMarked: packet.isMarked) else {
                    continue
                }
                if forwarded.last != numbers.pictureID { forwarded.append(numbers.pictureID) }
            }
        }
        // Pictures 0 2 1 2: without 7, 8 and 10, 11 are 2, 1 and 2; the rise waits for the base layer of 13.
        #expect(forwarded == [1, 2, 3, 4, 5, 6, 9, 13, 14, 15, 16])
    }

    @Test func aSwitchingUpPointOfTheLayerItselfBringsItBack() throws {
        var filter = VP9LayerFilter()
        filter.targetTemporalLayer = 0
        func packet(_ picture: UInt16, temporal: UInt8, isUp: Bool, isKey: Bool = false) -> VP9Packet {
            VP9Packet(picture: picture, temporal: temporal, isUp: isUp, isInter: !isKey, isMarked: true)
        }
        func handle(_ packet: VP9Packet) -> Bool { filter.handle(packet.descriptor, isMarked: true) != nil }
        #expect(handle(packet(1, temporal: 0, isUp: false, isKey: true)))
        #expect(!handle(packet(2, temporal: 1, isUp: true)))
        filter.targetTemporalLayer = 2
        #expect(handle(packet(3, temporal: 0, isUp: false)))
        #expect(!handle(packet(4, temporal: 1, isUp: false)))
        #expect(!handle(packet(5, temporal: 2, isUp: true)))  // two above
        #expect(handle(packet(6, temporal: 1, isUp: true)))
        #expect(handle(packet(7, temporal: 2, isUp: false)))
    }

    @Test func theMarkerMovesToTheLastLayerForwarded() {
        var filter = VP9LayerFilter()
        filter.targetSpatialLayer = 1
        var source = VP9Source(layers: 3, isKeySVC: false, picture: 50, base: 0)
        for step in 0..<6 {
            var forwarded: [(layer: UInt8, isMarked: Bool)] = []
            for packet in source.next(isKey: step == 0) {
                guard let numbers = filter.handle(packet.descriptor, isMarked: packet.isMarked) else {
                    continue
                }
                forwarded.append((packet.descriptor.spatialLayer ?? 9, numbers.isMarked))
            }
            // Two packets a frame.
            #expect(forwarded.map(\.layer) == [0, 0, 1, 1])
            #expect(forwarded.map(\.isMarked) == [false, false, false, true])
        }
        #expect(filter.currentSpatialLayer == 1 && !filter.needsKeyFrame)
    }

    @Test func aSpatialLayerOfFullSVCLeavesAtOnceAndComesBackWithAKeyPicture() {
        var filter = VP9LayerFilter()
        var source = VP9Source(layers: 3, isKeySVC: false, picture: 0, base: 0)
        func highest(isKey: Bool = false) -> UInt8? {
            source.next(isKey: isKey).filter { filter.handle($0.descriptor, isMarked: $0.isMarked) != nil }
                .compactMap(\.descriptor.spatialLayer).max()
        }
        #expect(highest(isKey: true) == 2)
        #expect(highest() == 2)
        filter.targetSpatialLayer = 0
        #expect(highest() == 0 && !filter.needsKeyFrame)
        filter.targetSpatialLayer = 1
        #expect(highest() == 0)
        #expect(filter.needsKeyFrame)
        #expect(highest(isKey: true) == 1)
        #expect(!filter.needsKeyFrame && filter.currentSpatialLayer == 1)
        filter.targetSpatialLayer = 2
        #expect(highest() == 1 && filter.needsKeyFrame)
        filter.targetSpatialLayer = 1
        #expect(highest() == 1 && !filter.needsKeyFrame)
    }

    @Test func ofKeySVCTheLowerLayersAreForwardedInKeyPicturesAlone() {
        var filter = VP9LayerFilter()
        var source = VP9Source(layers: 3, isKeySVC: true, picture: 0, base: 0)
        func layers(isKey: Bool = false) -> Set<UInt8> {
            Set(
                source.next(isKey: isKey).filter {
                    filter.handle($0.descriptor, isMarked: $0.isMarked) != nil
                }
                .compactMap(\.descriptor.spatialLayer)
            )
        }
        #expect(layers(isKey: true) == [0, 1, 2])
        _ = layers()  // shows that the layers go their own ways
        #expect(layers() == [2])
        // The lower layer was left out: it can only be shown from a key picture on.
        filter.targetSpatialLayer = 1
        #expect(layers() == [2])
        #expect(filter.needsKeyFrame)
        #expect(layers(isKey: true) == [0, 1])
        #expect(!filter.needsKeyFrame)
        #expect(layers() == [1])
        // The source stops all but the lowest: nothing can be shown.
        source.layers = 1
        #expect(layers() == [])
        #expect(filter.needsKeyFrame)
        #expect(layers(isKey: true) == [0])
        #expect(layers() == [0] && !filter.needsKeyFrame)
    }

    @Test func aLayerThatTheSourceAddsIsShownWithItsFirstFrame() {
        var filter = VP9LayerFilter()
        var source = VP9Source(layers: 1, isKeySVC: false, picture: 0, base: 0)
        func handle(isKey: Bool = false) -> [Bool] {
            source.next(isKey: isKey).compactMap {
                filter.handle($0.descriptor, isMarked: $0.isMarked)?.isMarked
            }
        }
        #expect(handle(isKey: true) == [false, true])
        #expect(handle() == [false, true])
        source.layers = 2
        #expect(handle() == [false, false, false, true])
        #expect(handle() == [false, false, false, true])
        #expect(filter.currentSpatialLayer == 1 && !filter.needsKeyFrame)
    }

    @Test func anotherSourceGoesOnWithTheNextNumbers() {
        var filter = VP9LayerFilter()
        var first = VP9Source(layers: 1, isKeySVC: false, picture: 700, base: 9)
        var second = VP9Source(layers: 1, isKeySVC: false, picture: 3, base: 200)
        for step in 0..<5 {
            _ = first.next(isKey: step == 0).map { filter.handle($0.descriptor, isMarked: false) }
        }
        filter.resynchronise()
        let numbers = second.next(isKey: true).map { filter.handle($0.descriptor, isMarked: $0.isMarked) }
        #expect(numbers.map { $0?.pictureID } == [6, 6])
        #expect(numbers.map { $0?.temporalBaseIndex } == [3, 3])
    }

    @Test func theNumbersAreWrittenInTheirPlacesAndWidths() throws {
        let numbers = VP9FrameNumbers(pictureID: 0x1234, temporalBaseIndex: 0x56, isMarked: false)
        func rewritten(_ hex: String) throws -> [UInt8] {
            let payload = [UInt8](hex: hex)
            let parsed = parseVP9(payload)
            let descriptor = try #require(parsed)
            return written { out in
                out.append(0xee)
                numbers.write(payload.span.bytes, descriptor, into: &out)
            }
        }
        #expect(try rewritten("a8 8001 b7 02 9d01") == [UInt8](hex: "ee a8 9234 b7 56 9d01"))
        #expect(try rewritten("80 01 9d01") == [UInt8](hex: "ee 80 34 9d01"))
        #expect(try rewritten("28 b7 02 9d01") == [UInt8](hex: "ee 28 b7 56 9d01"))
        #expect(try rewritten("f8 8001 b7 02 9d01") == [UInt8](hex: "ee f8 9234 b7 02 9d01"))
        #expect(try rewritten("08 9d01") == [UInt8](hex: "ee 08 9d01"))
    }

    /// Whatever is lost, reordered and wanted: a layer above one that is missing is never forwarded in a
    /// picture of full SVC, and a picture has one marker at most.
    @Test func whatIsForwardedCanBeDecoded() {
        var random = SplitMix64(seed: 14)
        var filter = VP9LayerFilter()
        var source = VP9Source(layers: 3, isKeySVC: false, picture: 0x7f80, base: 0)
        var wantsKey = true
        for _ in 0..<3_000 {
            if Int.random(in: 0..<20, using: &random) == 0 {
                filter.targetSpatialLayer = .random(in: 0...2, using: &random)
                filter.targetTemporalLayer = .random(in: 0...2, using: &random)
            }
            var layers: Set<UInt8> = []
            var markers = 0
            for packet in source.next(isKey: wantsKey) {
                guard let numbers = filter.handle(packet.descriptor, isMarked: packet.isMarked) else {
                    continue
                }
                layers.insert(packet.descriptor.spatialLayer ?? 0)
                markers += numbers.isMarked ? 1 : 0
            }
            #expect(layers.count == (layers.max().map { Int($0) + 1 } ?? 0))
            #expect(markers == (layers.isEmpty ? 0 : 1))
            wantsKey = filter.needsKeyFrame && Int.random(in: 0..<4, using: &random) == 0
        }
    }
}
