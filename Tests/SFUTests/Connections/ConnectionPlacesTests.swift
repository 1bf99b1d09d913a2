import SFU
import Testing
import Wire

@Suite struct ConnectionPlacesTests {
    private var places = ConnectionPlaces(ConnectionPlaces.Limits(total: 8))

    @Test mutating func eachConnectionHasANumberOfItsOwn() throws {
        var numbers: Set<UInt16> = []
        for host in 0..<8 { numbers.insert(try #require(admit(UInt32(host), at: 0))) }
        #expect(numbers.count == 8)
        #expect(places.count == 8)
    }

    @Test mutating func oneThatSaysNothingIsGivenUp() throws {
        let number = try #require(admit(1, at: 0))
        #expect(expired(at: 4_999) == [])
        #expect(places.pollTimeout() == .at(5_000))
        #expect(expired(at: 5_000) == [number])
        #expect(places.strangers == 1)
        #expect(places.pollTimeout() == nil)
    }

    @Test mutating func oneThatSaysOtherThingsIsGivenUpSoon() throws {
        let number = try #require(admit(1, at: 0))
        let answers = (0..<8).map { _ in receive(number, isProven: false, at: 10) }
        #expect(answers == Array(repeating: true, count: 7) + [false])
    }

    @Test mutating func onceItIsKnownItMayBeSilentForAMinute() throws {
        let number = try #require(admit(1, at: 0))
        let stays = receive(number, isProven: true, at: 100)
        #expect(stays)
        #expect(expired(at: 60_099) == [])
        _ = receive(number, isProven: true, at: 60_099)
        #expect(expired(at: 120_098) == [])
        #expect(expired(at: 120_099) == [number])
        #expect(places.strangers == 0)
    }

    @Test mutating func oneThatDoesNotReadIsGivenUp() throws {
        let number = try #require(admit(1, at: 0))
        _ = receive(number, isProven: true, at: 0)
        places.setStalled(number, true, now: .at(1_000))
        for time in stride(from: 2_000, through: 20_000, by: 1_000) as StrideThrough<Int64> {
            _ = receive(number, isProven: true, at: time)
            // As long as a little of it goes it only is slow.
            if time <= 8_000 { places.handleProgress(number, now: .at(time)) }
            #expect(expired(at: time) == (time == 18_000 ? [number] : []))
            if time == 18_000 { break }
        }
    }

    @Test mutating func aQueueThatEmptiesInTimeIsForgotten() throws {
        let number = try #require(admit(1, at: 0))
        _ = receive(number, isProven: true, at: 0)
        places.setStalled(number, true, now: .at(1_000))
        places.setStalled(number, false, now: .at(9_000))
        #expect(expired(at: 30_000) == [])
    }

    @Test mutating func whoOpensManyLosesTheirOwn() throws {
        let own = try #require(admit(9, at: 0))
        let first = try #require(admit(1, at: 1))
        for time in 2...4 as ClosedRange<Int64> { _ = admit(1, at: time) }
        // Half of the places are the most that one address gets.
        #expect(places.admit(.host(1), now: .at(5)) == .admitted(6, evicted: first))
        _ = receive(own, isProven: true, at: 6)
        #expect(places.evicted == 1)
    }

    @Test mutating func whenAllAreTakenWhoHasMostWithoutProofMakesRoom() throws {
        let first = try #require(admit(1, at: 0))
        for time in 1...2 as ClosedRange<Int64> { _ = admit(1, at: time) }
        for host in 2...6 as ClosedRange<UInt32> { _ = admit(host, at: 3) }
        #expect(places.count == 8)
        #expect(places.admit(.host(7), now: .at(4)) == .admitted(9, evicted: first))
    }

    @Test mutating func nobodyWhoIsKnownMakesRoom() throws {
        for host in 1...8 as ClosedRange<UInt32> {
            let number = try #require(admit(host, at: 0))
            _ = receive(number, isProven: true, at: 0)
        }
        #expect(places.admit(.host(9), now: .at(1)) == .refused)
        #expect(places.refused == 1)
        #expect(places.count == 8)
    }

    @Test mutating func whatComesThroughAProxyHasNoShareOfItsOwn() {
        for time in 0..<8 as Range<Int64> { _ = places.admit(nil, now: .at(time)) }
        #expect(places.count == 8)
        #expect(places.admit(.host(1), now: .at(9)) == .admitted(9, evicted: 1))
    }

    @Test mutating func theFirstHalfOfAnIPv6AddressIsOneShare() {
        for low in 0..<5 as Range<UInt64> {
            _ = places.admit(SocketAddress(high: 0x2001_0db8_0000_0001, low: low, port: 1), now: .at(0))
        }
        #expect(places.count == 4)
    }

    // MARK: Samples

    private mutating func admit(_ host: UInt32, at time: Int64) -> UInt16? {
        guard case .admitted(let number, _) = places.admit(.host(host), now: .at(time)) else { return nil }
        return number
    }

    private mutating func receive(_ number: UInt16, isProven: Bool, at time: Int64) -> Bool {
        places.handleReceived(number, isProven: isProven, now: .at(time))
    }

    private mutating func expired(at time: Int64) -> [UInt16] {
        var numbers: [UInt16] = []
        while let number = places.pollExpired(now: .at(time)) {
            numbers.append(number)
            places.end(number)
        }
        return numbers
    }
}

extension Instant {
    fileprivate static func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .milliseconds(milliseconds)
    }
}

extension SocketAddress {
    fileprivate static func host(_ number: UInt32) -> SocketAddress {
        SocketAddress(ipv4: 0xc000_0200 | number, port: 1_000)
    }
}
