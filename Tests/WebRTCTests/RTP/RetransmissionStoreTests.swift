import Testing
import WebRTC
import Wire

@Suite struct RetransmissionStoreTests {
    private static let start = Instant(nanoseconds: 0)

    /// A packet that cannot be mistaken for another.
    private static func packet(_ number: Int, length: Int = 100) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: number &* 31 &+ number >> 8 &+ $0) }
    }

    private static func find(
        _ number: UInt16,
        in store: borrowing RetransmissionStore,
        at now: Instant = start
    ) -> [UInt8]? {
        var found: [UInt8] = []
        let isKept = store.withPacket(number, now: now) { packet in
            found = (0..<packet.byteCount).compactMap { packet.bigEndian(UInt8.self, at: $0) }
        }
        return isKept ? found : nil
    }

    @Test func aPacketIsFoundByItsNumber() {
        var store = RetransmissionStore(capacity: 10_000, lifetime: .seconds(1))
        for number in [65_534, 65_535, 0, 1] {
            store.store(Self.packet(number).span.bytes, sequence: UInt16(number), now: Self.start)
        }
        for number in [65_534, 65_535, 0, 1] {
            #expect(Self.find(UInt16(number), in: store) == Self.packet(number))
        }
        #expect(Self.find(2, in: store) == nil)
        // The same place in the ring, another number.
        #expect(Self.find(2_048, in: store) == nil)
    }

    @Test func nothingIsFoundInAnEmptyStore() {
        let store = RetransmissionStore(capacity: 10_000, lifetime: .seconds(1))
        #expect(Self.find(0, in: store) == nil)
    }

    @Test func aPacketIsKeptForItsLifetime() {
        var store = RetransmissionStore(capacity: 10_000, lifetime: .seconds(2))
        store.store(Self.packet(7).span.bytes, sequence: 7, now: Self.start)
        #expect(Self.find(7, in: store, at: Self.start + .seconds(2)) != nil)
        #expect(Self.find(7, in: store, at: Self.start + .seconds(2) + Interval(nanoseconds: 1)) == nil)
    }

    @Test func theOldestPacketsMakeRoomForNewOnes() {
        var store = RetransmissionStore(capacity: 2_000, lifetime: .seconds(1))
        for number in 0..<20 {
            store.store(Self.packet(number).span.bytes, sequence: UInt16(number), now: Self.start)
        }
        #expect(Self.find(0, in: store) == Self.packet(0))
        store.store(Self.packet(20).span.bytes, sequence: 20, now: Self.start)
        #expect(Self.find(0, in: store) == nil)
        for number in 1...20 { #expect(Self.find(UInt16(number), in: store) == Self.packet(number)) }
    }

    @Test func aPacketThatDoesNotFitAtTheEndOfTheSlabLiesInOnePiece() {
        var store = RetransmissionStore(capacity: 2_000, lifetime: .seconds(1))
        store.store(Self.packet(0, length: 1_200).span.bytes, sequence: 0, now: Self.start)
        store.store(Self.packet(1, length: 1_200).span.bytes, sequence: 1, now: Self.start)
        #expect(Self.find(0, in: store) == nil)
        #expect(Self.find(1, in: store) == Self.packet(1, length: 1_200))
    }

    @Test func thePacketSeenLastUnderANumberIsTheOneKept() {
        var store = RetransmissionStore(capacity: 10_000, lifetime: .seconds(1))
        store.store(Self.packet(1).span.bytes, sequence: 5, now: Self.start)
        store.store(Self.packet(2).span.bytes, sequence: 5, now: Self.start)
        #expect(Self.find(5, in: store) == Self.packet(2))
    }

    @Test func whatCannotBeKeptIsLeftOut() {
        var store = RetransmissionStore(capacity: 0, lifetime: .seconds(1))
        store.store([UInt8]().span.bytes, sequence: 1, now: Self.start)
        store.store(Self.packet(2, length: 1_501).span.bytes, sequence: 2, now: Self.start)
        store.store(Self.packet(3, length: 1_500).span.bytes, sequence: 3, now: Self.start)
        #expect(Self.find(1, in: store) == nil)
        #expect(Self.find(2, in: store) == nil)
        #expect(Self.find(3, in: store) == Self.packet(3, length: 1_500))
    }

    @Test func aRestartForgetsEveryPacket() {
        var store = RetransmissionStore(capacity: 10_000, lifetime: .seconds(1))
        for number in 0..<20 {
            store.store(Self.packet(number).span.bytes, sequence: UInt16(number), now: Self.start)
        }
        store.removeAll()
        for number in 0..<20 { #expect(Self.find(UInt16(number), in: store) == nil) }
        store.store(Self.packet(3).span.bytes, sequence: 3, now: Self.start)
        #expect(Self.find(3, in: store) == Self.packet(3))
    }

    @Test func theErrorOfTheReaderIsPassedOn() {
        var store = RetransmissionStore(capacity: 10_000, lifetime: .seconds(1))
        store.store(Self.packet(3).span.bytes, sequence: 3, now: Self.start)
        var error: RTCPParseError?
        do throws(RTCPParseError) {
            _ = try store.withPacket(3, now: Self.start) { _ throws(RTCPParseError) in throw RTCPParseError()
            }
        } catch let thrown {
            error = thrown
        }
        #expect(error == RTCPParseError())
    }

    /// Whatever is stored: what is found is what was stored under that number last, and the newest is always
    /// found.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func aFoundPacketIsNeverAnother(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var store = RetransmissionStore(capacity: 20_000, lifetime: .seconds(1))
        var stored: [UInt16: (version: Int, length: Int, at: Instant)] = [:]
        var now = Self.start
        var number: UInt16 = 64_000
        for version in 0..<4_000 {
            now += .milliseconds(Int64.random(in: 0...3, using: &random))
            let late = Int.random(in: 0..<20, using: &random) == 0
            if !late { number &+= 1 }
            let target = late ? number &- .random(in: 1...100, using: &random) : number
            let length = Int.random(in: 1...1_300, using: &random)
            store.store(Self.packet(version, length: length).span.bytes, sequence: target, now: now)
            stored[target] = (version, length, now)
            #expect(Self.find(target, in: store, at: now) == Self.packet(version, length: length))
            let probe = number &- .random(in: 0...60, using: &random)
            guard let found = Self.find(probe, in: store, at: now) else { continue }
            guard let known = stored[probe], found == Self.packet(known.version, length: known.length) else {
                Issue.record("\(probe) is another packet")
                return
            }
            #expect(now - known.at <= .seconds(1))
        }
    }
}
